// Files that take the place of others only when they are complete.
#include "check.hpp"
#include "core/new_file.hpp"
#include "temp_file.hpp"

#include <cstring>
#include <iterator>

using namespace k4a_rp;

namespace
{

namespace fs = std::filesystem;

// A folder with a file "old" in it, which is gone when the test is over.
class Folder
{
public:
    Folder()
    {
        fs::create_directory(path_);
        std::ofstream(path("old")) << "precious";
    }
    ~Folder() { fs::remove_all(path_); }

    std::string path(const char *name) const { return (path_ / name).string(); }
    std::string text(const char *name) const
    {
        std::ifstream file(path(name), std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    }
    size_t count() const { return static_cast<size_t>(std::distance(fs::directory_iterator(path_), {})); }

private:
    const TempFile name_{{}}; // unique
    const fs::path path_ = name_.path() + ".folder";
};

void write(NewFile *file, const char *text)
{
    const std::unique_ptr<OutputFile> output = file->take();
    output->write_at(0, text, std::strlen(text));
    output->close();
}

std::string failure_of(const std::string &path, bool overwrite)
{
    try
    {
        const NewFile file(path, overwrite);
    }
    catch (const Error &error)
    {
        return error.what();
    }
    return "";
}

} // namespace

TEST(new_file, replaces_only_when_it_is_kept)
{
    const Folder folder;
    {
        NewFile file(folder.path("old"), true);
        CHECK(file.replaces());
        write(&file, "new");
        CHECK_EQUAL(folder.count(), 2);
    }
    CHECK_EQUAL(folder.text("old"), "precious");
    CHECK_EQUAL(folder.count(), 1);
    NewFile file(folder.path("old"), true);
    write(&file, "new");
    file.keep();
    CHECK_EQUAL(folder.text("old"), "new");
    CHECK_EQUAL(folder.count(), 1);
}

TEST(new_file, that_replaces_nothing_is_gone_unless_it_is_kept)
{
    const Folder folder;
    for (const bool overwrite : {false, true})
    {
        {
            NewFile file(folder.path("new"), overwrite);
            CHECK(!file.replaces());
            CHECK_EQUAL(folder.text("new"), "");
            CHECK_EQUAL(folder.count(), 2);
        }
        CHECK_EQUAL(folder.count(), 1);
    }
    NewFile file(folder.path("new"), false);
    write(&file, "new");
    file.keep();
    CHECK_EQUAL(folder.text("new"), "new");
}

TEST(new_file, never_shares_its_name_with_another)
{
    const Folder folder;
    NewFile one(folder.path("old"), true);
    NewFile other(folder.path("old"), true);
    CHECK_EQUAL(folder.count(), 3);
    write(&one, "one");
    write(&other, "other");
    other.keep();
    one.keep();
    CHECK_EQUAL(folder.text("old"), "one");
    CHECK_EQUAL(folder.count(), 1);
}

TEST(new_file, is_refused_where_something_is_that_it_must_not_replace)
{
    const Folder folder;
    CHECK(failure_of(folder.path("old"), false).find("cannot be created") != std::string::npos);
    CHECK_EQUAL(folder.text("old"), "precious");
    fs::create_directory(folder.path("folder"));
    CHECK(failure_of(folder.path("folder"), true).find("folder is a directory, not a file") != std::string::npos);
    CHECK(failure_of(folder.path("none/new"), true).find("cannot be created") != std::string::npos);
    CHECK_EQUAL(folder.count(), 2);
}
