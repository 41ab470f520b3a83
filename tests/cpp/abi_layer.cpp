// The table, the loader and the mailbox without Python. Usage: abi_layer LIBRARY, one that has k4a_device_open and
// k4a_device_get_installed_count (which returns 7) and nothing else.
#include "abi/mailbox.hpp"
#include "abi/provider_loader.hpp"

#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

using namespace k4a_rp;

namespace
{

int failures = 0;

#define CHECK(condition)                                                                                               \
    do                                                                                                                 \
    {                                                                                                                  \
        if (!(condition))                                                                                              \
        {                                                                                                              \
            ++failures;                                                                                                \
            std::printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                                \
        }                                                                                                              \
    } while (false)

std::vector<MailboxEntry> drain()
{
    std::vector<MailboxEntry> entries;
    MailboxEntry entry;
    while (mailbox_next(entry))
    {
        entries.push_back(entry);
    }
    return entries;
}

void check_tables(const std::string &library)
{
    std::string error;
    const LoadedProvider *const loaded =
        load_provider_libraries(kForeignSlot, "custom", library, std::string(), Maker::any, error);
    CHECK(loaded != nullptr && error.empty());
    if (loaded == nullptr)
    {
        std::printf("%s\n", error.c_str());
        return;
    }
    CHECK(loaded->missing.size() == 103);
    CHECK(loaded->extensions == nullptr && !loaded->orbbec && loaded->record_path.empty());
    const void *slots[105];
    static_assert(sizeof(slots) == sizeof(k4a_api), "one pointer each");
    std::memcpy(slots, &loaded->api, sizeof(slots));
    for (const void *slot : slots)
    {
        CHECK(slot != nullptr);
    }
    CHECK(loaded->api.k4a_device_get_installed_count() == 7);
}

// Every kind of function fails in its own way, and says which it was.
void check_stubs(const std::string &library)
{
    std::string error;
    const LoadedProvider *const loaded =
        load_provider_libraries(kForeignSlot, "custom", library, std::string(), Maker::any, error);
    if (loaded == nullptr)
    {
        return;
    }
    const k4a_api &api = loaded->api;
    drain();
    size_t size = 5;
    k4a_image_t image = reinterpret_cast<k4a_image_t>(&size);
    CHECK(api.k4a_image_create(K4A_IMAGE_FORMAT_DEPTH16, 2, 2, 4, &image) == K4A_RESULT_FAILED);
    CHECK(image == reinterpret_cast<k4a_image_t>(&size) && size == 5);
    CHECK(api.k4a_playback_get_tag(nullptr, "x", nullptr, &size) == K4A_BUFFER_RESULT_FAILED);
    CHECK(api.k4a_device_get_capture(nullptr, nullptr, 0) == K4A_WAIT_RESULT_FAILED);
    CHECK(api.k4a_playback_get_next_capture(nullptr, nullptr) == K4A_STREAM_RESULT_FAILED);
    CHECK(api.k4a_capture_get_color_image(nullptr) == nullptr);
    CHECK(api.k4a_image_get_buffer(nullptr) == nullptr);
    CHECK(api.k4a_transformation_create(nullptr) == nullptr);
    CHECK(api.k4a_image_get_size(nullptr) == 0);
    CHECK(api.k4a_image_get_width_pixels(nullptr) == 0);
    CHECK(api.k4a_image_get_device_timestamp_usec(nullptr) == 0);
    CHECK(api.k4a_image_get_format(nullptr) == K4A_IMAGE_FORMAT_CUSTOM);
    CHECK(std::isnan(api.k4a_capture_get_temperature_c(nullptr)));
    CHECK(!api.k4a_playback_check_track_exists(nullptr, "x"));
    CHECK(api.k4a_record_write_imu_sample(nullptr, k4a_imu_sample_t()) == K4A_RESULT_FAILED);
    api.k4a_image_release(nullptr);
    const std::vector<MailboxEntry> entries = drain();
    CHECK(entries.size() == 15);
    for (const MailboxEntry &entry : entries)
    {
        CHECK(entry.kind == MailboxEntry::kLog && entry.slot == kForeignSlot && entry.level == K4A_LOG_LEVEL_ERROR);
    }
    CHECK(!entries.empty() &&
          entries[0].text == "k4a_image_create() failed: provider 'custom' does not have this function");
}

void check_refusals(const std::string &library)
{
    std::string error;
    CHECK(load_provider_libraries(0, "x", "/nowhere/libk4a.so", "", Maker::any, error) == nullptr);
    CHECK(error.find("/nowhere/libk4a.so") != std::string::npos);
    CHECK(load_provider_libraries(0, "x", library, "", Maker::orbbec, error) == nullptr);
    CHECK(error.find("is not Orbbec's") != std::string::npos);
    const LoadedProvider *const loaded =
        load_provider_libraries(kForeignSlot, "x", library, "/nowhere/libk4arecord.so", Maker::microsoft, error);
    CHECK(loaded != nullptr && loaded->record_error.find("/nowhere/libk4arecord.so") != std::string::npos);
}

// Several threads log, allocate and release while one drains: every release arrives once, nothing else is lost quietly.
void check_mailbox_with_threads()
{
    constexpr int kThreads = 4;
    constexpr int kRounds = 2000;
    std::atomic<int> running{ kThreads };
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread)
    {
        threads.emplace_back([thread, &running] {
            for (int round = 0; round < kRounds; ++round)
            {
                void *const object = reinterpret_cast<void *>(static_cast<uintptr_t>(1 + thread * kRounds + round));
                mailbox_release_trampoline(nullptr, mailbox_new_release(object));
                mailbox_log_handler(nullptr, K4A_LOG_LEVEL_INFO, "file", 1, "text");
                void *context = nullptr;
                uint8_t *const memory = mailbox_allocate_trampoline(1)(100, &context);
                CHECK(memory != nullptr && reinterpret_cast<uintptr_t>(memory) % 64 == 0);
                mailbox_free_trampoline(memory, context);
                if (round % 64 == 0)
                {
                    mailbox_poll();
                    mailbox_recent(0);
                }
            }
            --running;
        });
    }
    std::set<void *> released;
    size_t logs = 0;
    size_t notices = 0;
    size_t dropped = 0;
    bool last_round = false;
    while (!last_round)
    {
        last_round = running.load() == 0;
        for (const MailboxEntry &entry : drain())
        {
            logs += entry.kind == MailboxEntry::kLog;
            notices += entry.kind == MailboxEntry::kAllocated || entry.kind == MailboxEntry::kFreed;
            dropped += entry.kind == MailboxEntry::kDropped ? entry.size : 0;
            CHECK(entry.kind != MailboxEntry::kReleased || released.insert(entry.object).second);
        }
    }
    for (std::thread &thread : threads)
    {
        thread.join();
    }
    CHECK(released.size() == static_cast<size_t>(kThreads) * kRounds);
    CHECK(logs + notices + dropped == 3u * kThreads * kRounds);
}

void check_bounds()
{
    drain();
    for (int number = 0; number < 5000; ++number)
    {
        mailbox_post_log(0, K4A_LOG_LEVEL_ERROR, "file", number, "text");
    }
    const std::vector<MailboxEntry> entries = drain();
    CHECK(entries.size() == 4097);
    CHECK(entries.back().kind == MailboxEntry::kDropped && entries.back().size == 5000 - 4096);
    CHECK(mailbox_allocate_trampoline(0)(0, nullptr) == nullptr);
    int object = 0;
    CHECK(mailbox_cancel_release(mailbox_new_release(&object)) == &object);
    CHECK(drain().empty());
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2)
    {
        std::fprintf(stderr, "usage: %s LIBRARY\n", argv[0]);
        return 2;
    }
    check_tables(argv[1]);
    check_stubs(argv[1]);
    check_refusals(argv[1]);
    check_bounds();
    check_mailbox_with_threads();
    std::printf("%d failures\n", failures);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
