#include "core/file.hpp"

#include "core/error.hpp"

#include <algorithm>

#ifdef _WIN32
#define NOMINMAX
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace k4a_rp
{

#ifdef _WIN32

static std::wstring wide_path(const std::string &path)
{
    const int length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path.c_str(), -1, nullptr, 0);
    if (length <= 0)
    {
        fail("the path %s is not valid UTF-8", path.c_str());
    }
    std::wstring wide(static_cast<size_t>(length), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, path.c_str(), -1, &wide[0], length);
    return wide;
}

File::File(const std::string &path, Access access) : path_(path)
{
    const DWORD sharing = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    const DWORD hint = access == Access::random ? FILE_FLAG_RANDOM_ACCESS : FILE_ATTRIBUTE_NORMAL;
    handle_ = CreateFileW(wide_path(path).c_str(), GENERIC_READ, sharing, nullptr, OPEN_EXISTING, hint, nullptr);
    if (handle_ == INVALID_HANDLE_VALUE)
    {
        handle_ = nullptr;
        fail("%s cannot be opened: Windows error %lu", path.c_str(), GetLastError());
    }
}

File::~File()
{
    if (handle_)
    {
        CloseHandle(handle_);
    }
}

uint64_t File::size() const
{
    LARGE_INTEGER value;
    if (!GetFileSizeEx(handle_, &value))
    {
        fail("the size of %s cannot be read: Windows error %lu", path_.c_str(), GetLastError());
    }
    return static_cast<uint64_t>(value.QuadPart);
}

size_t File::read_at(uint64_t offset, void *data, size_t bytes) const
{
    size_t done = 0;
    while (done < bytes)
    {
        OVERLAPPED where{};
        const uint64_t position = offset + done;
        where.Offset = static_cast<DWORD>(position);
        where.OffsetHigh = static_cast<DWORD>(position >> 32);
        const DWORD part = static_cast<DWORD>(std::min<size_t>(bytes - done, 1u << 30));
        DWORD got = 0;
        if (!ReadFile(handle_, static_cast<char *>(data) + done, part, &got, &where))
        {
            if (GetLastError() == ERROR_HANDLE_EOF)
            {
                break;
            }
            fail("%s cannot be read at %llu: Windows error %lu",
                 path_.c_str(),
                 static_cast<unsigned long long>(position),
                 GetLastError());
        }
        if (got == 0)
        {
            break;
        }
        done += got;
    }
    return done;
}

#else

File::File(const std::string &path, Access access) : path_(path)
{
    do
    {
        descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    } while (descriptor_ < 0 && errno == EINTR);
    if (descriptor_ < 0)
    {
        fail("%s cannot be opened: %s", path.c_str(), std::strerror(errno));
    }
    // O_NONBLOCK above: opening a pipe must not wait for its other end, since it is refused here anyway.
    struct stat status;
    if (::fstat(descriptor_, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode))
    {
        ::close(descriptor_);
        fail("%s is %s, not a file", path.c_str(), S_ISDIR(status.st_mode) ? "a directory" : "a pipe or device");
    }
#ifdef POSIX_FADV_RANDOM
    if (access == Access::random)
    {
        (void)::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_RANDOM);
    }
#else
    (void)access;
#endif
}

File::~File()
{
    if (descriptor_ >= 0)
    {
        ::close(descriptor_);
    }
}

uint64_t File::size() const
{
    struct stat status;
    if (::fstat(descriptor_, &status) != 0)
    {
        fail("the size of %s cannot be read: %s", path_.c_str(), std::strerror(errno));
    }
    return static_cast<uint64_t>(status.st_size);
}

size_t File::read_at(uint64_t offset, void *data, size_t bytes) const
{
    size_t done = 0;
    while (done < bytes)
    {
        const size_t part = std::min<size_t>(bytes - done, size_t(1) << 30);
        const ssize_t got =
            ::pread(descriptor_, static_cast<char *>(data) + done, part, static_cast<off_t>(offset + done));
        if (got < 0)
        {
            if (errno == EINTR)
            {
                continue;
            }
            fail("%s cannot be read at %llu: %s",
                 path_.c_str(),
                 static_cast<unsigned long long>(offset + done),
                 std::strerror(errno));
        }
        if (got == 0)
        {
            break;
        }
        done += static_cast<size_t>(got);
    }
    return done;
}

#endif

} // namespace k4a_rp
