#include "abi/mailbox.hpp"

#include <atomic>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <new>

#if defined(_WIN32)
#include <malloc.h>
#else
#include <pthread.h>
#endif

namespace k4a_rp
{

namespace
{

constexpr size_t kMaxLogs = 4096;
constexpr size_t kMaxNotices = 65536;
constexpr size_t kMaxRecent = 32;
constexpr size_t kAlignment = 64;

struct ReleaseNotice
{
    void *object;
    void *buffer;
    ReleaseNotice *next;
};

struct Mailbox
{
    std::mutex mutex;
    std::atomic<bool> pending{ false };
    std::atomic<bool> draining{ false };
    std::deque<MailboxEntry> logs;
    std::deque<MailboxEntry> notices;
    ReleaseNotice *first_release = nullptr;
    ReleaseNotice *last_release = nullptr;
    size_t dropped = 0;
    std::deque<NativeMessage> unclaimed; // of threads that never poll
    std::atomic<uint64_t> allocator_ids[kProviderSlots] = {};
};

Mailbox &mailbox();

#if !defined(_WIN32)
// A child must not inherit a locked mutex or a drain that nobody will end.
void before_fork()
{
    mailbox().mutex.lock();
}

void after_fork_in_parent()
{
    mailbox().mutex.unlock();
}

void after_fork_in_child()
{
    mailbox().draining.store(false);
    mailbox().mutex.unlock();
}
#endif

Mailbox &mailbox()
{
    static Mailbox *const the_mailbox = new Mailbox;
    return *the_mailbox;
}

#if !defined(_WIN32)
const int registered = pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
#endif

// Messages of one thread. `fresh` is of the call that runs, `last` of the call before the last poll.
struct Recent
{
    std::vector<NativeMessage> fresh;
    std::vector<NativeMessage> last;
};

// Libraries log even while a thread or the process ends, after the destructors of thread_local objects have run;
// therefore a plain pointer beside its guard.
enum class RecentState
{
    none,
    alive,
    dead
};

thread_local Recent *recent_of_thread = nullptr;
thread_local RecentState recent_state = RecentState::none;

struct RecentGuard
{
    ~RecentGuard()
    {
        delete recent_of_thread;
        recent_of_thread = nullptr;
        recent_state = RecentState::dead;
    }
};

// NULL on a thread that is ending.
Recent *make_recent()
{
    if (recent_state == RecentState::none)
    {
        static thread_local RecentGuard guard;
        (void)guard;
        recent_of_thread = new Recent;
        recent_state = RecentState::alive;
    }
    return recent_of_thread;
}

template <typename List, typename Item> void push_bounded(List &list, Item &&item)
{
    while (list.size() >= kMaxRecent)
    {
        list.erase(list.begin());
    }
    list.push_back(std::forward<Item>(item));
}

void remember(int slot, int level, const char *text)
{
    NativeMessage message;
    message.slot = slot;
    message.level = level;
    message.text = text;
    if (recent_of_thread != nullptr)
    {
        push_bounded(recent_of_thread->fresh, std::move(message));
        return;
    }
    Mailbox &box = mailbox();
    std::lock_guard<std::mutex> lock(box.mutex);
    push_bounded(box.unclaimed, std::move(message));
}

void post(std::deque<MailboxEntry> &list, size_t capacity, MailboxEntry &&entry)
{
    Mailbox &box = mailbox();
    std::lock_guard<std::mutex> lock(box.mutex);
    if (list.size() >= capacity)
    {
        ++box.dropped;
    }
    else
    {
        list.push_back(std::move(entry));
    }
    box.pending.store(true, std::memory_order_release);
}

void count_drop() noexcept
{
    Mailbox &box = mailbox();
    std::lock_guard<std::mutex> lock(box.mutex);
    ++box.dropped;
    box.pending.store(true, std::memory_order_release);
}

void post_notice(int kind, uint64_t id, void *address, size_t size) noexcept
{
    try
    {
        MailboxEntry entry;
        entry.kind = kind;
        entry.id = id;
        entry.address = address;
        entry.size = size;
        post(mailbox().notices, kMaxNotices, std::move(entry));
    }
    catch (...)
    {
        count_drop();
    }
}

void *aligned_allocate(size_t size) noexcept
{
#if defined(_WIN32)
    return _aligned_malloc(size, kAlignment);
#else
    void *memory = nullptr;
    return posix_memalign(&memory, kAlignment, size) == 0 ? memory : nullptr;
#endif
}

void aligned_free(void *memory) noexcept
{
#if defined(_WIN32)
    _aligned_free(memory);
#else
    free(memory);
#endif
}

// The allocate callback of the ABI has no context to tell the slot by.
template <int Slot> uint8_t *allocate(int size, void **context)
{
    const uint64_t id = mailbox().allocator_ids[Slot].load();
    void *memory = size > 0 ? aligned_allocate(static_cast<size_t>(size)) : nullptr;
    if (memory != nullptr)
    {
        *context = reinterpret_cast<void *>(static_cast<uintptr_t>(id));
        post_notice(MailboxEntry::kAllocated, id, memory, static_cast<size_t>(size));
    }
    return static_cast<uint8_t *>(memory);
}

bool pop(std::deque<MailboxEntry> &list, MailboxEntry &entry)
{
    if (list.empty())
    {
        return false;
    }
    entry = std::move(list.front());
    list.pop_front();
    return true;
}

} // namespace

bool mailbox_poll() noexcept
{
    Mailbox &box = mailbox();
    const bool pending = box.pending.load(std::memory_order_acquire);
    Recent *recent = recent_of_thread;
    if (!pending && recent != nullptr && recent->fresh.empty() && recent->last.empty())
    {
        return false;
    }
    try
    {
        recent = make_recent();
        if (recent != nullptr)
        {
            recent->last.clear();
            recent->last.swap(recent->fresh);
            if (pending)
            {
                std::lock_guard<std::mutex> lock(box.mutex);
                for (NativeMessage &message : box.unclaimed)
                {
                    push_bounded(recent->last, std::move(message));
                }
                box.unclaimed.clear();
            }
        }
    }
    catch (const std::bad_alloc &)
    {
        // The messages are still in the log.
    }
    return pending;
}

bool mailbox_begin_drain() noexcept
{
    return !mailbox().draining.exchange(true);
}

void mailbox_end_drain() noexcept
{
    mailbox().draining.store(false);
}

bool mailbox_next(MailboxEntry &entry)
{
    Mailbox &box = mailbox();
    std::lock_guard<std::mutex> lock(box.mutex);
    if (pop(box.logs, entry) || pop(box.notices, entry))
    {
        return true;
    }
    entry = MailboxEntry();
    if (ReleaseNotice *notice = box.first_release)
    {
        box.first_release = notice->next;
        box.last_release = notice->next == nullptr ? nullptr : box.last_release;
        entry.kind = MailboxEntry::kReleased;
        entry.object = notice->object;
        entry.address = notice->buffer;
        delete notice;
        return true;
    }
    if (box.dropped != 0)
    {
        entry.kind = MailboxEntry::kDropped;
        entry.size = box.dropped;
        box.dropped = 0;
        return true;
    }
    box.pending.store(false, std::memory_order_release);
    return false;
}

std::vector<NativeMessage> mailbox_recent(int slot)
{
    std::vector<NativeMessage> wanted;
    if (Recent *recent = make_recent())
    {
        for (std::vector<NativeMessage> *list : { &recent->last, &recent->fresh })
        {
            for (NativeMessage &message : *list)
            {
                if (message.slot == slot)
                {
                    wanted.push_back(std::move(message));
                }
            }
            list->clear();
        }
    }
    return wanted;
}

void mailbox_post_log(int slot, int level, const char *file, int line, const char *message) noexcept
{
    try
    {
        MailboxEntry entry;
        entry.kind = MailboxEntry::kLog;
        entry.slot = slot;
        entry.level = level;
        entry.file = file == nullptr ? "" : file;
        entry.line = line;
        entry.text = message == nullptr ? "" : message;
        remember(slot, level, entry.text.c_str());
        post(mailbox().logs, kMaxLogs, std::move(entry));
    }
    catch (...)
    {
        count_drop();
    }
}

void mailbox_log_handler(void *context, k4a_log_level_t level, const char *file, int line, const char *message)
{
    mailbox_post_log(static_cast<int>(reinterpret_cast<intptr_t>(context)), level, file, line, message);
}

k4a_memory_allocate_cb_t *mailbox_allocate_trampoline(int slot) noexcept
{
    return slot == 0 ? allocate<0> : allocate<1>;
}

void mailbox_free_trampoline(void *buffer, void *context)
{
    post_notice(MailboxEntry::kFreed, static_cast<uint64_t>(reinterpret_cast<uintptr_t>(context)), buffer, 0);
    aligned_free(buffer);
}

void mailbox_set_allocator_id(int slot, uint64_t id) noexcept
{
    mailbox().allocator_ids[slot].store(id);
}

void *mailbox_new_release(void *object)
{
    return new ReleaseNotice{ object, nullptr, nullptr };
}

void *mailbox_cancel_release(void *notice) noexcept
{
    ReleaseNotice *const mine = static_cast<ReleaseNotice *>(notice);
    void *const object = mine->object;
    delete mine;
    return object;
}

void mailbox_release_trampoline(void *buffer, void *notice)
{
    ReleaseNotice *const mine = static_cast<ReleaseNotice *>(notice);
    mine->buffer = buffer;
    Mailbox &box = mailbox();
    std::lock_guard<std::mutex> lock(box.mutex);
    (box.last_release == nullptr ? box.first_release : box.last_release->next) = mine;
    box.last_release = mine;
    box.pending.store(true, std::memory_order_release);
}

} // namespace k4a_rp
