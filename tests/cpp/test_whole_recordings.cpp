// Copying, repairing and verifying through the table, and how a caller ends them.
#include "open_recording.hpp"

#include <iterator>

namespace
{

struct Asked
{
    int answers = 0;   // how often the answer is yes
    int questions = 0; // how often somebody asked
};

int answer(void *context)
{
    Asked *asked = static_cast<Asked *>(context);
    return ++asked->questions <= asked->answers;
}

bool is_there(const std::string &path)
{
    return std::filesystem::exists(path);
}

std::vector<std::string> captures_of(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    const ebml::Bytes bytes(std::istreambuf_iterator<char>(file), {});
    return OpenRecording(bytes).rest(true);
}

std::string &message()
{
    static std::string text;
    return text;
}

void note_message(void *, k4a_log_level_t, const char *, int, const char *text)
{
    message() = text;
}

} // namespace

TEST(whole_recordings, are_copied_repaired_and_verified_without_options)
{
    const TempFile source(ebml::write(ebml::sample()).bytes);
    const std::string target = source.path() + ".copy";
    const k4a_rp_extensions_t *extensions = OpenRecording::extensions();
    CHECK_EQUAL(extensions->recording_copy(source.path().c_str(), target.c_str(), nullptr, nullptr, nullptr, nullptr),
                K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(captures_of(target), captures_of(source.path()));
    CHECK_EQUAL(extensions->recording_repair(source.path().c_str(), target.c_str(), 0, nullptr, nullptr, nullptr),
                K4A_RESULT_FAILED);
    CHECK_EQUAL(extensions->recording_repair(source.path().c_str(), target.c_str(), 1, nullptr, nullptr, nullptr),
                K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(extensions->recording_repair(source.path().c_str(), nullptr, 0, nullptr, nullptr, nullptr),
                K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(captures_of(target), captures_of(source.path()));
    // The images of the sample are smaller than they say: each is a problem, in the copy too.
    k4a_rp_recording_report_t before{};
    k4a_rp_recording_report_t after{};
    CHECK_EQUAL(extensions->recording_verify(source.path().c_str(), nullptr, nullptr, &before, nullptr, nullptr),
                K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(extensions->recording_verify(target.c_str(), nullptr, nullptr, &after, nullptr, nullptr),
                K4A_RESULT_SUCCEEDED);
    CHECK_EQUAL(after.frames, before.frames);
    CHECK_EQUAL(after.problems, before.problems);
    std::remove(target.c_str());
}

TEST(whole_recordings, are_left_as_they_were_when_the_caller_says_no)
{
    const ebml::Bytes bytes = ebml::write(ebml::sample()).bytes;
    const TempFile source(bytes);
    const TempFile old({1, 2, 3});
    const std::string fresh = source.path() + ".copy";
    const k4a_rp_extensions_t *extensions = OpenRecording::extensions();
    const char *from = source.path().c_str();
    k4a_rp_copy_options_t replacing{0, UINT64_MAX, nullptr, 0, 1};
    REQUIRE(k4a_set_debug_message_handler(note_message, nullptr, K4A_LOG_LEVEL_TRACE) == K4A_RESULT_SUCCEEDED);
    message().clear();
    Asked asked[5];
    CHECK_EQUAL(extensions->recording_copy(from, fresh.c_str(), nullptr, answer, &asked[0], nullptr),
                K4A_RESULT_FAILED);
    CHECK_EQUAL(extensions->recording_copy(from, old.path().c_str(), &replacing, answer, &asked[1], nullptr),
                K4A_RESULT_FAILED);
    CHECK_EQUAL(extensions->recording_repair(from, old.path().c_str(), 1, answer, &asked[2], nullptr),
                K4A_RESULT_FAILED);
    CHECK_EQUAL(extensions->recording_repair(from, nullptr, 0, answer, &asked[3], nullptr), K4A_RESULT_FAILED);
    CHECK_EQUAL(extensions->recording_verify(from, answer, &asked[4], nullptr, nullptr, nullptr), K4A_RESULT_FAILED);
    CHECK_EQUAL(message(), ""); // the caller knows
    REQUIRE(k4a_set_debug_message_handler(nullptr, nullptr, K4A_LOG_LEVEL_ERROR) == K4A_RESULT_SUCCEEDED);
    for (const Asked &one : asked)
    {
        CHECK_EQUAL(one.questions, 1); // and is not asked again
    }
    CHECK(!is_there(fresh));
    CHECK_EQUAL(old.open()->size(), 3);
    REQUIRE(source.open()->size() == bytes.size());
    ebml::Bytes now(bytes.size());
    CHECK_EQUAL(source.open()->read_at(0, now.data(), now.size()), now.size());
    CHECK(now == bytes);
}

TEST(whole_recordings, are_done_when_the_caller_says_yes)
{
    const TempFile source(ebml::write(ebml::sample()).bytes);
    Asked asked;
    asked.answers = 1000;
    CHECK_EQUAL(
        OpenRecording::extensions()->recording_verify(source.path().c_str(), answer, &asked, nullptr, nullptr, nullptr),
        K4A_RESULT_SUCCEEDED);
    CHECK(asked.questions >= 1);
}
