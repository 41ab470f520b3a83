// A test framework of one header: TEST(suite, name) { CHECK(...); CHECK_EQUAL(..., ...); }. A failed check is printed
// with its place and its values and the test goes on; REQUIRE ends it.
#pragma once

#include <cstdint>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace check
{

struct Test
{
    const char *suite;
    const char *name;
    void (*run)();
};

// Returns 0 so that tests can be registered by initialising a variable.
int add(const Test &test);
void report(const char *file, int line, const std::string &text);

struct Stop // thrown by REQUIRE
{
};

// Thrown by a test that cannot run here.
struct Skip
{
    std::string reason;
};

template <typename T> std::string show(const T &value)
{
    std::ostringstream text;
    if constexpr (std::is_enum_v<T>)
    {
        text << static_cast<long long>(value);
    }
    else if constexpr (sizeof(T) == 1 && std::is_integral_v<T>)
    {
        text << static_cast<int>(value);
    }
    else
    {
        text << value;
    }
    return text.str();
}

template <typename T> std::string show(const std::vector<T> &values)
{
    std::string text = "[";
    for (const T &value : values)
    {
        text += (text.size() > 1 ? ", " : "") + show(value);
    }
    return text + "]";
}

// Comparing by value: integers of different signedness never convert silently.
template <typename A, typename B> bool equal(const A &a, const B &b)
{
    if constexpr (std::is_integral_v<A> && std::is_integral_v<B>)
    {
        const bool same_sign = (a < A(0)) == (b < B(0));
        return same_sign && static_cast<uint64_t>(a) == static_cast<uint64_t>(b);
    }
    else
    {
        return a == b;
    }
}

template <typename A, typename B>
void check_equal(const char *file, int line, const char *text, const A &actual, const B &expected)
{
    if (!equal(actual, expected))
    {
        report(file, line, std::string(text) + ": got " + show(actual) + ", expected " + show(expected));
    }
}

// The text of what `body` throws; empty when it throws nothing.
std::string thrown_text(const std::function<void()> &body);

} // namespace check

#define TEST(suite, name)                                                                                              \
    static void test_##suite##_##name();                                                                               \
    [[maybe_unused]] static const int registered_##suite##_##name =                                                    \
        ::check::add({#suite, #name, test_##suite##_##name});                                                          \
    static void test_##suite##_##name()

#define CHECK(condition)                                                                                               \
    do                                                                                                                 \
    {                                                                                                                  \
        if (!(condition))                                                                                              \
        {                                                                                                              \
            ::check::report(__FILE__, __LINE__, #condition);                                                           \
        }                                                                                                              \
    } while (false)

#define REQUIRE(condition)                                                                                             \
    do                                                                                                                 \
    {                                                                                                                  \
        if (!(condition))                                                                                              \
        {                                                                                                              \
            ::check::report(__FILE__, __LINE__, #condition);                                                           \
            throw ::check::Stop();                                                                                     \
        }                                                                                                              \
    } while (false)

#define CHECK_EQUAL(actual, expected) ::check::check_equal(__FILE__, __LINE__, #actual, (actual), (expected))

// `body` throws and its message holds `part`.
#define CHECK_THROWS(part, ...) \
    do \
    { \
        const std::string thrown_ = ::check::thrown_text([&] { __VA_ARGS__; }); \
        if (thrown_.find(part) == std::string::npos || thrown_.empty()) \
        { \
            ::check::report( \
                __FILE__, __LINE__, #__VA_ARGS__ ": threw \"" + thrown_ + "\", expected \"" + part + "\""); \
        } \
    } while (false)
