// A file that is written at given offsets, every byte count checked. What the system refuses is a FileError.
#pragma once

#include "core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace k4a_rp
{

// A failure of the system while writing, with its own number: errno, or GetLastError() on Windows.
class FileError : public Error
{
public:
    FileError(const std::string &message, int code) : Error(message), code_(code) {}
    int code() const { return code_; }

private:
    int code_;
};

struct Piece
{
    const void *data = nullptr;
    size_t size = 0;
};

class OutputFile
{
public:
    // Path in UTF-8; what is there is truncated. Throws FileError.
    explicit OutputFile(const std::string &path);
    ~OutputFile();
    OutputFile(const OutputFile &) = delete;
    OutputFile &operator=(const OutputFile &) = delete;

    void write_at(uint64_t offset, const void *data, size_t bytes);
    // The pieces one behind the other, in as few calls of the system as it allows.
    void write_at(uint64_t offset, const Piece *pieces, size_t count);
    // Exactly `bytes` bytes of what was written before.
    void read_at(uint64_t offset, void *data, size_t bytes) const;
    void truncate(uint64_t size);
    // Returns when the disk has everything.
    void sync();
    // Some systems report failed writes only here. The destructor closes silently.
    void close();

    const std::string &path() const { return path_; }

private:
    [[noreturn]] void refuse(const char *what, uint64_t offset, int code) const;

    std::string path_;
#ifdef _WIN32
    void *handle_ = nullptr;
#else
    int descriptor_ = -1;
#endif
};

// Replaces the file `to` by the file `from` in one step. Throws FileError.
void rename_over(const std::string &from, const std::string &to);
void remove_file(const std::string &path) noexcept;

} // namespace k4a_rp
