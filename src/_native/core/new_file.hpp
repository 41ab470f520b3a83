// A new file that takes the place of another one only when it is complete. Until then nothing is lost.
#pragma once

#include "core/output_file.hpp"

#include <memory>
#include <string>
#include <utility>

namespace k4a_rp
{

class NewFile
{
public:
    // Path in UTF-8. Where nothing is, the file is created there. An existing file is an error without `overwrite`;
    // with it, a file of a unique name beside it is written first. Links are followed then, and what is no file, or may
    // not be written, is refused. Throws Error.
    NewFile(const std::string &path, bool overwrite);
    // Removes what was created, unless it was kept.
    ~NewFile();
    NewFile(const NewFile &) = delete;
    NewFile &operator=(const NewFile &) = delete;

    // To write into: once.
    std::unique_ptr<OutputFile> take() { return std::move(file_); }
    // Whether there is a file that it takes the place of.
    bool replaces() const { return replaces_; }
    // When all is written, and the OutputFile is closed. On Windows nobody may have the old file open.
    void keep();

private:
    std::string path_;    // where it shall be in the end
    std::string created_; // where it is now; empty: nowhere
    bool replaces_ = false;
    std::unique_ptr<OutputFile> file_;
};

} // namespace k4a_rp
