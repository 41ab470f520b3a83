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

enum class Create
{
    anew,            // what is there is truncated
    only_new,        // what is there is an error
    only_new_private // in the same way, and only its owner may read it until take_permissions_of()
};

class OutputFile
{
public:
    // Path in UTF-8. Throws FileError, also while another OutputFile, of any process, is open on the same file.
    explicit OutputFile(const std::string &path, Create how = Create::anew);
    ~OutputFile();
    OutputFile(const OutputFile &) = delete;
    OutputFile &operator=(const OutputFile &) = delete;

    void write_at(uint64_t offset, const void *data, size_t bytes);
    // The pieces one behind the other, in as few calls of the system as it allows.
    void write_at(uint64_t offset, const Piece *pieces, size_t count);
    // Exactly `bytes` bytes of what was written before.
    void read_at(uint64_t offset, void *data, size_t bytes) const;
    void truncate(uint64_t size);
    // Makes this a file that may take the place of another one: checks that the other one may be written, and gives
    // this one its mode, owner and group, as far as the system lets us (on Windows a file has what its folder gives).
    void take_permissions_of(const std::string &path);
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
