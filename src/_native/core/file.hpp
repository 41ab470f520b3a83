// A file that is read at given offsets. Nothing is mapped: a file that shrinks under us gives short reads, no signal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace k4a_rp
{

enum class Access
{
    normal, // the system reads ahead
    random  // only what is asked for is brought in: for walking over headers
};

class File
{
public:
    // Path in UTF-8. Throws Error with the system's words.
    explicit File(const std::string &path, Access access = Access::normal);
    ~File();
    File(const File &) = delete;
    File &operator=(const File &) = delete;

    // Size now; a recording may still be growing.
    uint64_t size() const;

    // Reads up to `bytes` at `offset`; fewer only where the file ends. Throws Error when the system reports one.
    // Safe from several threads at once.
    size_t read_at(uint64_t offset, void *data, size_t bytes) const;

    const std::string &path() const { return path_; }

private:
    std::string path_;
#ifdef _WIN32
    void *handle_ = nullptr;
#else
    int descriptor_ = -1;
#endif
};

} // namespace k4a_rp
