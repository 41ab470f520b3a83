// Damages recordings in repeatable ways and plays each in a process of its own:
//
//   mutation_run COUNT FILE_OR_DIRECTORY...          [--jobs=2] [--first=0] [--keep=DIRECTORY]
//
// A file fails when the process crashes, a sanitizer reports, memory leaks, it takes more than 5 s of processor time,
// or it takes more than 256 MiB more than playing nothing does. File number N is always damaged in the same way:
// --first=N with COUNT 1 plays it again, --keep writes what failed.
#include "exercise.hpp"
#include "mutations.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <thread>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_LEAK_CHECK 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HAVE_LEAK_CHECK 1
#endif
#ifdef HAVE_LEAK_CHECK
#include <sanitizer/lsan_interface.h>
#endif

namespace
{

constexpr double most_seconds = 5;
constexpr double most_wall_seconds = 60; // for what waits instead of working
constexpr long most_memory_kib = 256 * 1024;
constexpr size_t largest_seed = 16u << 20;

struct Result
{
    bool opened = false; // shared with the child, which sets it
    bool finished = false;
};

struct Child
{
    pid_t process = -1;
    size_t number = 0;
    std::string description;
    FileBytes bytes;
    std::unique_ptr<MemoryFile> file;
    std::FILE *report = nullptr; // what the child says on standard error
    Result *result = nullptr;
    std::chrono::steady_clock::time_point start;
};

struct Options
{
    size_t count = 0;
    size_t jobs = 2;
    size_t first = 0;
    std::string keep;
    std::vector<std::string> sources;
};

struct Totals
{
    size_t played = 0;
    size_t opened = 0;
    size_t failed = 0;
    double most_seconds = 0;
    long most_kib = 0;
};

std::vector<FileBytes> read_seeds(const std::vector<std::string> &sources)
{
    std::vector<std::string> paths;
    for (const std::string &source : sources)
    {
        if (std::filesystem::is_directory(source))
        {
            for (const auto &entry : std::filesystem::directory_iterator(source))
            {
                paths.push_back(entry.path().string());
            }
        }
        else if (std::filesystem::exists(source))
        {
            paths.push_back(source);
        }
        else
        {
            std::printf("skipped, since it is not there: %s\n", source.c_str());
        }
    }
    std::sort(paths.begin(), paths.end()); // the same order on every machine
    std::vector<FileBytes> seeds;
    for (const std::string &path : paths)
    {
        const bool recording = path.size() > 4 && path.compare(path.size() - 4, 4, ".mkv") == 0;
        if (recording && std::filesystem::file_size(path) <= largest_seed)
        {
            std::ifstream in(path, std::ios::binary);
            seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
        }
    }
    return seeds;
}

[[noreturn]] void play_in_child(const Child &child)
{
    dup2(fileno(child.report), STDERR_FILENO);
    rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    if (child.file)
    {
        child.result->opened = exercise_playback(child.file->path()).opened;
    }
    int status = 0;
#ifdef HAVE_LEAK_CHECK
    status = child.file && __lsan_do_recoverable_leak_check() != 0 ? 23 : 0;
#endif
    child.result->finished = true;
    _exit(status);
}

// Without a file: plays nothing, to measure what the process itself takes.
void start(Child *child)
{
    child->report = std::tmpfile();
    child->result = static_cast<Result *>(
        mmap(nullptr, sizeof(Result), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    if (!child->report || child->result == MAP_FAILED)
    {
        std::perror("cannot start a process");
        std::exit(2);
    }
    *child->result = Result();
    if (!child->bytes.empty())
    {
        child->file = std::make_unique<MemoryFile>(child->bytes.data(), child->bytes.size());
    }
    child->start = std::chrono::steady_clock::now();
    std::fflush(stdout);
    child->process = fork();
    if (child->process == 0)
    {
        play_in_child(*child);
    }
}

double seconds_of(const rusage &usage)
{
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

std::string complaint(const Child &child, int status, const rusage &usage, long baseline_kib)
{
    if (WIFSIGNALED(status))
    {
        return "ended by signal " + std::to_string(WTERMSIG(status));
    }
    if (WEXITSTATUS(status) != 0 || !child.result->finished)
    {
        return "ended with status " + std::to_string(WEXITSTATUS(status));
    }
    if (seconds_of(usage) > most_seconds)
    {
        return "took " + std::to_string(seconds_of(usage)) + " s";
    }
    if (usage.ru_maxrss - baseline_kib > most_memory_kib)
    {
        return "took " + std::to_string((usage.ru_maxrss - baseline_kib) / 1024) + " MiB";
    }
    return std::string();
}

void print_report(std::FILE *report)
{
    std::rewind(report);
    char line[512];
    for (int i = 0; i < 60 && std::fgets(line, sizeof(line), report); ++i)
    {
        std::fputs(line, stdout);
    }
}

class Run
{
public:
    explicit Run(const Options &options) : options_(options), seeds_(read_seeds(options.sources)) {}

    int run()
    {
        if (seeds_.empty())
        {
            std::printf("no recordings to damage\n");
            return 2;
        }
        measure_baseline();
        size_t next = options_.first;
        const size_t end = options_.first + options_.count;
        while (next < end || !running_.empty())
        {
            while (next < end && running_.size() < options_.jobs)
            {
                launch(next++);
            }
            collect();
        }
        std::printf("%zu damaged recordings of %zu: %zu opened, at most %.2f s and %ld MiB each\n", totals_.played,
                    seeds_.size(), totals_.opened, totals_.most_seconds, totals_.most_kib / 1024);
        std::printf("%zu passed, %zu failed\n", totals_.played - totals_.failed, totals_.failed);
        return totals_.failed != 0 || totals_.played == 0;
    }

private:
    void measure_baseline()
    {
        Child child;
        start(&child);
        rusage usage{};
        int status = 0;
        wait4(child.process, &status, 0, &usage);
        baseline_kib_ = usage.ru_maxrss;
        release(child);
    }

    void launch(size_t number)
    {
        std::mt19937_64 random(number * 7919 + 17);
        auto child = std::make_unique<Child>();
        child->number = number;
        const size_t seed = static_cast<size_t>(random() % seeds_.size());
        child->bytes = seeds_[seed];
        child->description = "file " + std::to_string(number) + ", from recording " + std::to_string(seed) + ": " +
                             Mutator(random()).mutate(&child->bytes, seeds_[random() % seeds_.size()]);
        if (child->bytes.empty())
        {
            child->bytes.push_back(0);
        }
        start(child.get());
        running_[child->process] = std::move(child);
    }

    void collect()
    {
        rusage usage{};
        int status = 0;
        const pid_t process = wait4(-1, &status, WNOHANG, &usage);
        if (process <= 0)
        {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            for (const auto &entry : running_)
            {
                const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - entry.second->start;
                if (passed.count() > most_wall_seconds)
                {
                    kill(entry.first, SIGKILL);
                }
            }
            return;
        }
        Child &child = *running_.at(process);
        ++totals_.played;
        totals_.opened += child.result->opened ? 1 : 0;
        totals_.most_seconds = std::max(totals_.most_seconds, seconds_of(usage));
        totals_.most_kib = std::max(totals_.most_kib, usage.ru_maxrss - baseline_kib_);
        const std::string wrong = complaint(child, status, usage, baseline_kib_);
        if (!wrong.empty())
        {
            ++totals_.failed;
            std::printf("FAILED %s: %s\n", child.description.c_str(), wrong.c_str());
            print_report(child.report);
            keep(child);
        }
        release(child);
        running_.erase(process);
    }

    void keep(const Child &child) const
    {
        if (!options_.keep.empty())
        {
            std::ofstream out(options_.keep + "/failed_" + std::to_string(child.number) + ".mkv", std::ios::binary);
            out.write(reinterpret_cast<const char *>(child.bytes.data()),
                      static_cast<std::streamsize>(child.bytes.size()));
        }
    }

    static void release(const Child &child)
    {
        std::fclose(child.report);
        munmap(child.result, sizeof(Result));
    }

    Options options_;
    std::vector<FileBytes> seeds_;
    std::map<pid_t, std::unique_ptr<Child>> running_;
    long baseline_kib_ = 0;
    Totals totals_;
};

} // namespace

int main(int argc, char **argv)
{
    setenv("K4A_ENABLE_LOG_TO_STDOUT", "0", 0);
    Options options;
    for (int i = 1; i < argc; ++i)
    {
        const std::string argument = argv[i];
        const auto value = [&] { return std::strtoul(argument.c_str() + argument.find('=') + 1, nullptr, 10); };
        if (argument.rfind("--jobs=", 0) == 0)
        {
            options.jobs = std::max<size_t>(value(), 1);
        }
        else if (argument.rfind("--first=", 0) == 0)
        {
            options.first = value();
        }
        else if (argument.rfind("--keep=", 0) == 0)
        {
            options.keep = argument.substr(7);
        }
        else if (i == 1)
        {
            options.count = std::strtoul(argv[i], nullptr, 10);
        }
        else
        {
            options.sources.push_back(argument);
        }
    }
    if (options.count == 0 || options.sources.empty())
    {
        std::printf("usage: %s COUNT FILE_OR_DIRECTORY... [--jobs=2] [--first=0] [--keep=DIRECTORY]\n", argv[0]);
        return 2;
    }
    return Run(options).run();
}
