#include "core/new_file.hpp"

#include <cinttypes>
#include <filesystem>
#include <random>

namespace k4a_rp
{

namespace
{

namespace fs = std::filesystem;

// Only the last name of the path matters: the links in front of it lead to the same folder for both files.
std::string behind_links(const std::string &path)
{
    constexpr int most_links = 40;
    fs::path found = fs::u8path(path);
    std::error_code error;
    for (int links = 0; fs::is_symlink(fs::symlink_status(found, error)); ++links)
    {
        const fs::path next = fs::read_symlink(found, error);
        if (error || links == most_links)
        {
            fail("the link %s cannot be followed: %s", path.c_str(), error ? error.message().c_str() : "it is a loop");
        }
        found = found.parent_path() / next;
    }
    return found.u8string();
}

// A name that nobody else has, which tells whose it is when a crash leaves it behind.
std::string name_beside(const std::string &path)
{
    constexpr size_t longest = 220; // with the rest below the 255 bytes that file systems allow
    std::random_device random;
    const uint64_t number = static_cast<uint64_t>(random()) << 32 | random();
    const fs::path whole = fs::u8path(path);
    std::string name = whole.filename().u8string();
    if (name.size() > longest)
    {
        name = "recording";
    }
    return (whole.parent_path() / fs::u8path(name + format_text(".%016" PRIx64 ".part", number))).u8string();
}

} // namespace

NewFile::NewFile(const std::string &path, bool overwrite) : path_(overwrite ? behind_links(path) : path)
{
    std::error_code error;
    const fs::file_status status = fs::status(fs::u8path(path_), error);
    if (!overwrite || status.type() == fs::file_type::not_found)
    {
        file_ = std::make_unique<OutputFile>(path_, Create::only_new);
        created_ = path_;
        return;
    }
    if (status.type() == fs::file_type::none)
    {
        fail("%s cannot be replaced: %s", path_.c_str(), error.message().c_str());
    }
    if (status.type() != fs::file_type::regular)
    {
        const bool folder = status.type() == fs::file_type::directory;
        fail("%s is %s, not a file", path_.c_str(), folder ? "a directory" : "a pipe or device");
    }
    replaces_ = true;
    created_ = name_beside(path_);
    file_ = std::make_unique<OutputFile>(created_, Create::only_new_private);
    try
    {
        file_->take_permissions_of(path_);
    }
    catch (...)
    {
        file_.reset();
        remove_file(created_);
        throw;
    }
}

NewFile::~NewFile()
{
    file_.reset();
    if (!created_.empty())
    {
        remove_file(created_);
    }
}

void NewFile::keep()
{
    if (replaces_)
    {
        rename_over(created_, path_);
    }
    created_.clear();
}

} // namespace k4a_rp
