// A strict, small JSON reader (RFC 8259) for calibration files: bounded depth, size and number of values, independent
// of the locale. What it refuses it names, with line and column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace k4a_rp
{

struct JsonLimits
{
    size_t bytes = 1u << 20;
    size_t values = 1u << 16;
    size_t depth = 32;
};

enum class JsonType
{
    null,
    boolean,
    number,
    string,
    array,
    object
};

const char *json_type_name(JsonType type);

class JsonValue
{
public:
    JsonType type = JsonType::null;
    bool boolean = false;
    double number = 0;
    std::string text;              // of a string
    std::vector<JsonValue> items;  // of an array or object
    std::vector<std::string> keys; // of an object, parallel to items

    // First member with this key; ASCII letters match in either case. nullptr when there is none, or this is no object.
    const JsonValue *find(const char *key) const;
};

// One JSON value and nothing but white space after it; a UTF-8 byte-order mark before it is skipped. Throws Error.
JsonValue parse_json(const char *text, size_t size, const JsonLimits &limits = JsonLimits());

} // namespace k4a_rp
