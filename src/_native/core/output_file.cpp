#include "core/output_file.hpp"

#include <algorithm>
#include <cinttypes>
#include <utility>

#ifdef _WIN32
#define NOMINMAX
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#endif

namespace k4a_rp
{

#ifdef _WIN32

static std::string system_words(int code)
{
    return format_text("Windows error %d", code);
}

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

OutputFile::OutputFile(const std::string &path, Create how) : path_(path)
{
    const DWORD sharing = FILE_SHARE_READ | FILE_SHARE_DELETE; // others may watch the recording grow
    handle_ = CreateFileW(wide_path(path).c_str(),
                          GENERIC_READ | GENERIC_WRITE,
                          sharing,
                          nullptr,
                          how == Create::anew ? CREATE_ALWAYS : CREATE_NEW,
                          FILE_ATTRIBUTE_NORMAL,
                          nullptr);
    if (handle_ == INVALID_HANDLE_VALUE)
    {
        handle_ = nullptr;
        const int code = static_cast<int>(GetLastError());
        throw FileError(format_text("%s cannot be created: %s", path.c_str(), system_words(code).c_str()), code);
    }
}

OutputFile::~OutputFile()
{
    if (handle_)
    {
        CloseHandle(handle_);
    }
}

void OutputFile::close()
{
    if (handle_ && !CloseHandle(std::exchange(handle_, nullptr)))
    {
        refuse("closed", 0, static_cast<int>(GetLastError()));
    }
}

static OVERLAPPED place(uint64_t offset)
{
    OVERLAPPED where{};
    where.Offset = static_cast<DWORD>(offset);
    where.OffsetHigh = static_cast<DWORD>(offset >> 32);
    return where;
}

void OutputFile::write_at(uint64_t offset, const void *data, size_t bytes)
{
    const char *at = static_cast<const char *>(data);
    while (bytes > 0)
    {
        OVERLAPPED where = place(offset);
        const DWORD part = static_cast<DWORD>(std::min<size_t>(bytes, 1u << 30));
        DWORD done = 0;
        if (!WriteFile(handle_, at, part, &done, &where) || done == 0)
        {
            refuse("written", offset, static_cast<int>(GetLastError()));
        }
        at += done;
        offset += done;
        bytes -= done;
    }
}

void OutputFile::write_at(uint64_t offset, const Piece *pieces, size_t count)
{
    for (size_t i = 0; i < count; ++i)
    {
        write_at(offset, pieces[i].data, pieces[i].size);
        offset += pieces[i].size;
    }
}

void OutputFile::read_at(uint64_t offset, void *data, size_t bytes) const
{
    char *at = static_cast<char *>(data);
    while (bytes > 0)
    {
        OVERLAPPED where = place(offset);
        DWORD done = 0;
        if (!ReadFile(handle_, at, static_cast<DWORD>(std::min<size_t>(bytes, 1u << 30)), &done, &where) || done == 0)
        {
            refuse("read", offset, static_cast<int>(GetLastError()));
        }
        at += done;
        offset += done;
        bytes -= done;
    }
}

void OutputFile::truncate(uint64_t size)
{
    FILE_END_OF_FILE_INFO end{};
    end.EndOfFile.QuadPart = static_cast<LONGLONG>(size);
    if (!SetFileInformationByHandle(handle_, FileEndOfFileInfo, &end, sizeof(end)))
    {
        refuse("shortened", size, static_cast<int>(GetLastError()));
    }
}

void OutputFile::take_permissions_of(const std::string &path)
{
    const DWORD sharing = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    const HANDLE other = CreateFileW(
        wide_path(path).c_str(), GENERIC_WRITE, sharing, nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
    if (other == INVALID_HANDLE_VALUE)
    {
        const int code = static_cast<int>(GetLastError());
        throw FileError(format_text("%s cannot be replaced: %s", path.c_str(), system_words(code).c_str()), code);
    }
    CloseHandle(other);
}

void OutputFile::sync()
{
    if (!FlushFileBuffers(handle_))
    {
        refuse("brought to the disk", 0, static_cast<int>(GetLastError()));
    }
}

void rename_over(const std::string &from, const std::string &to)
{
    const DWORD how = MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH;
    if (!MoveFileExW(wide_path(from).c_str(), wide_path(to).c_str(), how))
    {
        const int code = static_cast<int>(GetLastError());
        throw FileError(format_text("%s cannot replace %s: %s", from.c_str(), to.c_str(), system_words(code).c_str()),
                        code);
    }
}

void remove_file(const std::string &path) noexcept
{
    try
    {
        DeleteFileW(wide_path(path).c_str());
    }
    catch (const Error &)
    {
    }
}

#else

static std::string system_words(int code)
{
    return std::strerror(code);
}

// Whether nobody else has the lock. Some file systems have no locks: nobody has it there.
static bool lock(int descriptor)
{
    return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

OutputFile::OutputFile(const std::string &path, Create how) : path_(path)
{
    const int flags = how == Create::anew ? 0 : O_EXCL; // O_EXCL: not through a link either
    const mode_t mode = how == Create::only_new_private ? 0600 : 0666;
    do
    {
        descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | flags | O_CLOEXEC, mode);
    } while (descriptor_ < 0 && errno == EINTR);
    if (descriptor_ < 0)
    {
        const int code = errno;
        throw FileError(format_text("%s cannot be created: %s", path.c_str(), system_words(code).c_str()), code);
    }
    if (!lock(descriptor_))
    {
        ::close(descriptor_);
        throw FileError(format_text("%s is being written by another recorder", path.c_str()), EWOULDBLOCK);
    }
    struct stat status;
    if (how == Create::anew && ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0)
    {
        try
        {
            truncate(0);
        }
        catch (...)
        {
            ::close(descriptor_);
            throw;
        }
    }
}

OutputFile::~OutputFile()
{
    if (descriptor_ >= 0)
    {
        ::flock(descriptor_, LOCK_UN); // also for processes that were forked meanwhile
        ::close(descriptor_);
    }
}

void OutputFile::close()
{
    const int descriptor = descriptor_;
    descriptor_ = -1;
    if (descriptor >= 0)
    {
        ::flock(descriptor, LOCK_UN);
    }
    // EINTR: the descriptor is gone all the same.
    if (descriptor >= 0 && ::close(descriptor) != 0 && errno != EINTR)
    {
        refuse("closed", 0, errno);
    }
}

void OutputFile::write_at(uint64_t offset, const void *data, size_t bytes)
{
    const Piece piece{data, bytes};
    write_at(offset, &piece, 1);
}

void OutputFile::write_at(uint64_t offset, const Piece *pieces, size_t count)
{
    constexpr size_t most_at_once = 512; // below every system's IOV_MAX
    iovec vectors[most_at_once];
    size_t index = 0;
    size_t skip = 0; // of the piece at index
    while (index < count)
    {
        size_t used = 0;
        for (size_t i = index; i < count && used < most_at_once; ++i)
        {
            const size_t done = i == index ? skip : 0;
            if (pieces[i].size > done)
            {
                char *data = static_cast<char *>(const_cast<void *>(pieces[i].data));
                vectors[used++] = {data + done, std::min(pieces[i].size - done, size_t(1) << 30)};
            }
        }
        if (used == 0)
        {
            return;
        }
        ssize_t written = ::pwritev(descriptor_, vectors, static_cast<int>(used), static_cast<off_t>(offset));
        if (written <= 0)
        {
            if (written < 0 && errno == EINTR)
            {
                continue;
            }
            refuse("written", offset, written < 0 ? errno : EIO);
        }
        offset += static_cast<uint64_t>(written);
        for (size_t left = static_cast<size_t>(written); index < count && left >= pieces[index].size - skip;)
        {
            left -= pieces[index].size - skip;
            skip = 0;
            ++index;
            written = static_cast<ssize_t>(left);
        }
        skip += index < count ? static_cast<size_t>(written) : 0;
    }
}

void OutputFile::read_at(uint64_t offset, void *data, size_t bytes) const
{
    char *at = static_cast<char *>(data);
    while (bytes > 0)
    {
        const ssize_t got = ::pread(descriptor_, at, std::min(bytes, size_t(1) << 30), static_cast<off_t>(offset));
        if (got <= 0)
        {
            if (got < 0 && errno == EINTR)
            {
                continue;
            }
            refuse("read", offset, got < 0 ? errno : EIO);
        }
        at += got;
        offset += static_cast<uint64_t>(got);
        bytes -= static_cast<size_t>(got);
    }
}

void OutputFile::truncate(uint64_t size)
{
    while (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0)
    {
        if (errno != EINTR)
        {
            refuse("shortened", size, errno);
        }
    }
}

void OutputFile::take_permissions_of(const std::string &path)
{
    int other = -1;
    do
    {
        other = ::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    } while (other < 0 && errno == EINTR);
    struct stat status;
    if (other < 0 || ::fstat(other, &status) != 0)
    {
        const int code = errno;
        if (other >= 0)
        {
            ::close(other);
        }
        throw FileError(format_text("%s cannot be replaced: %s", path.c_str(), system_words(code).c_str()), code);
    }
    const bool free = lock(other);
    ::close(other);
    if (!free)
    {
        throw FileError(format_text("%s cannot be replaced: it is being recorded", path.c_str()), EWOULDBLOCK);
    }
    // Only root can give files away; a group may still be one of our own. The mode last, since a new owner changes it.
    if (::fchown(descriptor_, status.st_uid, status.st_gid) != 0)
    {
        (void)!::fchown(descriptor_, static_cast<uid_t>(-1), status.st_gid);
    }
    (void)::fchmod(descriptor_, status.st_mode & 0777);
}

void OutputFile::sync()
{
    while (::fsync(descriptor_) != 0)
    {
        // A file system that cannot sync has nothing to bring to a disk.
        if (errno == EINVAL || errno == ENOTSUP)
        {
            return;
        }
        if (errno != EINTR)
        {
            refuse("brought to the disk", 0, errno);
        }
    }
}

void rename_over(const std::string &from, const std::string &to)
{
    if (std::rename(from.c_str(), to.c_str()) != 0)
    {
        const int code = errno;
        throw FileError(format_text("%s cannot replace %s: %s", from.c_str(), to.c_str(), system_words(code).c_str()),
                        code);
    }
    // The new name itself must survive a power cut too.
    const size_t slash = to.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : to.substr(0, slash + 1);
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor >= 0)
    {
        (void)::fsync(descriptor);
        ::close(descriptor);
    }
}

void remove_file(const std::string &path) noexcept
{
    (void)::unlink(path.c_str());
}

#endif

void OutputFile::refuse(const char *what, uint64_t offset, int code) const
{
    throw FileError(
        format_text("%s cannot be %s at %" PRIu64 ": %s", path_.c_str(), what, offset, system_words(code).c_str()),
        code);
}

} // namespace k4a_rp
