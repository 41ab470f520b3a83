// Where native threads leave what Python is to know: log lines, allocator and release notices. Native code never calls
// into Python; Python drains this from its own threads. Bounded, thread-safe, never destroyed (libraries may still log
// while the process ends), usable after fork.
#pragma once

#include <k4a/k4atypes.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace k4a_rp
{

// One place for the engine of our own and one for a foreign library; see provider_loader.hpp.
constexpr int kProviderSlots = 2;

struct MailboxEntry
{
    enum Kind
    {
        kLog = 0,       // slot, level, file, line, text
        kAllocated = 1, // id of the allocator, address, size
        kFreed = 2,     // id of the allocator, address
        kReleased = 3,  // object, address
        kDropped = 4    // size: how many entries had no room
    };

    int kind = kLog;
    int slot = 0;
    int level = 0;
    int line = 0;
    std::string file;
    std::string text;
    uint64_t id = 0;
    void *address = nullptr;
    void *object = nullptr;
    size_t size = 0;
};

struct NativeMessage
{
    int slot = 0;
    int level = 0;
    std::string text;
};

// ---- the draining side ----

// Closes the record of messages of this thread's last call (see mailbox_recent); true when something waits.
bool mailbox_poll() noexcept;
// One thread drains at a time. Every begin that returned true needs its end.
bool mailbox_begin_drain() noexcept;
void mailbox_end_drain() noexcept;
bool mailbox_next(MailboxEntry &entry);
// Messages of this thread's last call, and of native threads since, oldest first; forgets them.
std::vector<NativeMessage> mailbox_recent(int slot);

// ---- the leaving side: callbacks to hand to native libraries ----

// The context is the slot.
void mailbox_log_handler(void *context, k4a_log_level_t level, const char *file, int line, const char *message);
void mailbox_post_log(int slot, int level, const char *file, int line, const char *message) noexcept;

// The allocator of a slot: aligned memory, and notices under the given id (0: none). NULL is not a valid slot's.
k4a_memory_allocate_cb_t *mailbox_allocate_trampoline(int slot) noexcept;
void mailbox_free_trampoline(void *buffer, void *context);
void mailbox_set_allocator_id(int slot, uint64_t id) noexcept;

// A release notice that carries `object`; allocated beforehand, so that it can never be lost.
void *mailbox_new_release(void *object);
void *mailbox_cancel_release(void *notice) noexcept; // returns the object
void mailbox_release_trampoline(void *buffer, void *notice);

} // namespace k4a_rp
