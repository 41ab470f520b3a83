#include "check.hpp"

#include <atomic>
#include <cstdio>
#include <cstring>

namespace check
{

static std::vector<Test> &tests()
{
    static std::vector<Test> all;
    return all;
}

static std::atomic<int> failures{0}; // checks may fail in any thread

int add(const Test &test)
{
    tests().push_back(test);
    return 0;
}

void report(const char *file, int line, const std::string &text)
{
    ++failures;
    std::printf("    %s:%d: %s\n", file, line, text.c_str());
}

std::string thrown_text(const std::function<void()> &body)
{
    try
    {
        body();
    }
    catch (const std::exception &error)
    {
        return error.what();
    }
    return std::string();
}

static bool run_one(const Test &test)
{
    const int before = failures;
    try
    {
        test.run();
    }
    catch (const Stop &)
    {
    }
    catch (const Skip &skip)
    {
        std::printf("skipped %s.%s: %s\n", test.suite, test.name, skip.reason.c_str());
        return failures == before;
    }
    catch (const std::exception &error)
    {
        report(test.name, 0, std::string("threw: ") + error.what());
    }
    const bool passed = failures == before;
    std::printf("%s %s.%s\n", passed ? "passed" : "FAILED", test.suite, test.name);
    return passed;
}

} // namespace check

// Arguments: the suites to run, or suite.test; none: everything. It is an error when nothing is left to run.
int main(int argc, char **argv)
{
    int ran = 0;
    int failed = 0;
    for (const check::Test &test : check::tests())
    {
        const std::string full = std::string(test.suite) + "." + test.name;
        bool wanted = argc == 1;
        for (int i = 1; i < argc; ++i)
        {
            wanted = wanted || full == argv[i] || std::strcmp(test.suite, argv[i]) == 0;
        }
        if (wanted)
        {
            ++ran;
            failed += check::run_one(test) ? 0 : 1;
            std::fflush(stdout);
        }
    }
    std::printf("%d passed, %d failed\n", ran - failed, failed);
    std::fflush(stdout); // a leak report ends the process without
    return failed != 0 || ran == 0;
}
