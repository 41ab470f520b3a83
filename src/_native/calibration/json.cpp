#include "calibration/json.hpp"

#include "core/error.hpp"

#include <charconv>
#include <cmath>
#include <cstring>
#include <locale>
#include <sstream>
#include <system_error>

namespace k4a_rp
{

namespace
{

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

char to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int hex_digit(char c)
{
    if (is_digit(c))
    {
        return c - '0';
    }
    c = to_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The caller has checked the grammar, so only the range can be wrong.
bool to_double(const char *begin, const char *end, double &value)
{
#if defined(__cpp_lib_to_chars)
    const auto result = std::from_chars(begin, end, value);
    return result.ec == std::errc() && result.ptr == end && std::isfinite(value);
#else
    std::istringstream stream(std::string(begin, end));
    stream.imbue(std::locale::classic());
    stream >> value;
    return !stream.fail() && std::isfinite(value);
#endif
}

void append_utf8(std::string &text, uint32_t code)
{
    if (code < 0x80)
    {
        text += static_cast<char>(code);
        return;
    }
    if (code < 0x800)
    {
        text += static_cast<char>(0xC0 | (code >> 6));
    }
    else
    {
        if (code < 0x10000)
        {
            text += static_cast<char>(0xE0 | (code >> 12));
        }
        else
        {
            text += static_cast<char>(0xF0 | (code >> 18));
            text += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
        }
        text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    }
    text += static_cast<char>(0x80 | (code & 0x3F));
}

class Parser
{
public:
    Parser(const char *text, size_t size, const JsonLimits &limits)
        : begin_(text), position_(text), end_(text + size), limits_(limits)
    {
    }

    JsonValue parse()
    {
        if (static_cast<size_t>(end_ - begin_) > limits_.bytes)
        {
            fail("JSON: %zu bytes are more than the %zu allowed", static_cast<size_t>(end_ - begin_), limits_.bytes);
        }
        if (end_ - position_ >= 3 && std::memcmp(position_, "\xEF\xBB\xBF", 3) == 0)
        {
            position_ += 3;
        }
        JsonValue value;
        parse_value(value, 0);
        skip_space();
        if (position_ != end_)
        {
            refuse("unexpected text after the end");
        }
        return value;
    }

private:
    [[noreturn]] void refuse(const char *what) const
    {
        size_t line = 1;
        const char *line_begin = begin_;
        for (const char *p = begin_; p < position_; ++p)
        {
            if (*p == '\n')
            {
                ++line;
                line_begin = p + 1;
            }
        }
        fail("JSON: %s at line %zu, column %zu", what, line, static_cast<size_t>(position_ - line_begin) + 1);
    }

    void skip_space()
    {
        while (position_ != end_ &&
               (*position_ == ' ' || *position_ == '\t' || *position_ == '\n' || *position_ == '\r'))
        {
            ++position_;
        }
    }

    // The next character that is not white space.
    char peek()
    {
        skip_space();
        if (position_ == end_)
        {
            refuse("unexpected end");
        }
        return *position_;
    }

    bool take(char c)
    {
        if (position_ == end_ || *position_ != c)
        {
            return false;
        }
        ++position_;
        return true;
    }

    void parse_value(JsonValue &value, size_t depth)
    {
        const char first = peek();
        if (++values_ > limits_.values)
        {
            refuse("too many values");
        }
        if (first == '{' || first == '[')
        {
            if (depth >= limits_.depth)
            {
                refuse("too deeply nested");
            }
            ++position_;
            if (first == '{')
            {
                parse_object(value, depth + 1);
            }
            else
            {
                parse_array(value, depth + 1);
            }
        }
        else if (first == '"')
        {
            value.type = JsonType::string;
            parse_string(value.text);
        }
        else if (first == '-' || is_digit(first))
        {
            parse_number(value);
        }
        else
        {
            parse_word(value);
        }
    }

    void parse_object(JsonValue &value, size_t depth)
    {
        value.type = JsonType::object;
        if (peek() == '}')
        {
            ++position_;
            return;
        }
        for (;;)
        {
            if (peek() != '"')
            {
                refuse("expected a member name");
            }
            value.keys.emplace_back();
            parse_string(value.keys.back());
            if (peek() != ':')
            {
                refuse("expected ':' after a member name");
            }
            ++position_;
            value.items.emplace_back();
            parse_value(value.items.back(), depth);
            if (end_of_list('}', "expected ',' or '}'"))
            {
                return;
            }
        }
    }

    void parse_array(JsonValue &value, size_t depth)
    {
        value.type = JsonType::array;
        if (peek() == ']')
        {
            ++position_;
            return;
        }
        for (;;)
        {
            value.items.emplace_back();
            parse_value(value.items.back(), depth);
            if (end_of_list(']', "expected ',' or ']'"))
            {
                return;
            }
        }
    }

    bool end_of_list(char close, const char *complaint)
    {
        const char next = peek();
        if (next != close && next != ',')
        {
            refuse(complaint);
        }
        ++position_;
        return next == close;
    }

    void parse_word(JsonValue &value)
    {
        const size_t left = static_cast<size_t>(end_ - position_);
        const auto is_word = [&](const char *word) {
            const size_t length = std::strlen(word);
            if (left < length || std::memcmp(position_, word, length) != 0)
            {
                return false;
            }
            position_ += length;
            return true;
        };
        if (is_word("true"))
        {
            value.type = JsonType::boolean;
            value.boolean = true;
        }
        else if (is_word("false"))
        {
            value.type = JsonType::boolean;
        }
        else if (!is_word("null"))
        {
            refuse("expected a value");
        }
    }

    void skip_digits(const char *complaint)
    {
        if (position_ == end_ || !is_digit(*position_))
        {
            refuse(complaint);
        }
        while (position_ != end_ && is_digit(*position_))
        {
            ++position_;
        }
    }

    void parse_number(JsonValue &value)
    {
        const char *const begin = position_;
        take('-');
        if (!take('0'))
        {
            skip_digits("expected a digit");
        }
        else if (position_ != end_ && is_digit(*position_))
        {
            refuse("a number with a leading zero");
        }
        if (take('.'))
        {
            skip_digits("expected a digit after the decimal point");
        }
        if (take('e') || take('E'))
        {
            if (!take('+'))
            {
                take('-');
            }
            skip_digits("expected a digit in the exponent");
        }
        value.type = JsonType::number;
        if (!to_double(begin, position_, value.number))
        {
            position_ = begin;
            refuse("a number that is out of range");
        }
    }

    void parse_string(std::string &text)
    {
        ++position_;
        for (;;)
        {
            const char *const begin = position_;
            while (position_ != end_ && *position_ != '"' && *position_ != '\\' &&
                   static_cast<unsigned char>(*position_) >= 0x20)
            {
                ++position_;
            }
            text.append(begin, position_);
            if (position_ == end_)
            {
                refuse("a string without end");
            }
            if (take('"'))
            {
                return;
            }
            if (!take('\\'))
            {
                refuse("a control character in a string");
            }
            parse_escape(text);
        }
    }

    void parse_escape(std::string &text)
    {
        static const char names[] = "\"\\/bfnrt";
        static const char meanings[] = "\"\\/\b\f\n\r\t";
        if (position_ == end_)
        {
            refuse("a string without end");
        }
        if (take('u'))
        {
            append_utf8(text, parse_unicode());
            return;
        }
        const char *const name = *position_ != '\0' ? std::strchr(names, *position_) : nullptr;
        if (name == nullptr)
        {
            refuse("an unknown escape in a string");
        }
        text += meanings[name - names];
        ++position_;
    }

    uint32_t parse_hex4()
    {
        uint32_t code = 0;
        for (int i = 0; i < 4; ++i)
        {
            const int digit = position_ != end_ ? hex_digit(*position_) : -1;
            if (digit < 0)
            {
                refuse("expected four hexadecimal digits");
            }
            code = code * 16 + static_cast<uint32_t>(digit);
            ++position_;
        }
        return code;
    }

    uint32_t parse_unicode()
    {
        const uint32_t high = parse_hex4();
        if (high < 0xD800 || high > 0xDFFF)
        {
            return high;
        }
        if (high > 0xDBFF || !take('\\') || !take('u'))
        {
            refuse("half a surrogate pair in a string");
        }
        const uint32_t low = parse_hex4();
        if (low < 0xDC00 || low > 0xDFFF)
        {
            refuse("half a surrogate pair in a string");
        }
        return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    }

    const char *begin_;
    const char *position_;
    const char *end_;
    const JsonLimits limits_;
    size_t values_ = 0;
};

} // namespace

const char *json_type_name(JsonType type)
{
    switch (type)
    {
    case JsonType::null:
        return "null";
    case JsonType::boolean:
        return "boolean";
    case JsonType::number:
        return "number";
    case JsonType::string:
        return "string";
    case JsonType::array:
        return "array";
    case JsonType::object:
        return "object";
    }
    return "?";
}

const JsonValue *JsonValue::find(const char *key) const
{
    const size_t length = std::strlen(key);
    for (size_t i = 0; i < keys.size(); ++i)
    {
        if (keys[i].size() != length)
        {
            continue;
        }
        size_t same = 0;
        while (same < length && to_lower(keys[i][same]) == to_lower(key[same]))
        {
            ++same;
        }
        if (same == length)
        {
            return &items[i];
        }
    }
    return nullptr;
}

JsonValue parse_json(const char *text, size_t size, const JsonLimits &limits)
{
    return Parser(text, size, limits).parse();
}

} // namespace k4a_rp
