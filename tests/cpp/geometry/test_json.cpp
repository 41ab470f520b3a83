// The JSON reader: what it takes, what it refuses and where, and that its limits hold.
#include "calibration/factory_json.hpp"
#include "calibration/json.hpp"
#include "check.hpp"
#include "core/error.hpp"

#include <clocale>
#include <cmath>
#include <cstring>
#include <random>

using namespace k4a_rp;

static JsonValue parse(const std::string &text)
{
    return parse_json(text.data(), text.size());
}

TEST(json, values_of_every_type_are_read)
{
    const JsonValue value = parse(" {\"n\": null, \"t\": true, \"f\": false, \"s\": \"a\", \"l\": [1, [], {}]} \n");
    REQUIRE(value.type == JsonType::object);
    CHECK(value.find("n")->type == JsonType::null);
    CHECK(value.find("t")->boolean);
    CHECK(value.find("f")->type == JsonType::boolean && !value.find("f")->boolean);
    CHECK_EQUAL(value.find("s")->text, std::string("a"));
    CHECK_EQUAL(value.find("l")->items.size(), 3u);
    CHECK(value.find("x") == nullptr);
}

TEST(json, numbers_are_read_to_the_last_bit)
{
    CHECK_EQUAL(parse("0.51141625642776489").number, 0.51141625642776489);
    CHECK_EQUAL(parse("-2.4292179659823887e-5").number, -2.4292179659823887e-5);
    CHECK_EQUAL(parse("1E+2").number, 100.0);
    CHECK_EQUAL(parse("9007199254740993").number, 9007199254740992.0);
    CHECK_EQUAL(parse("5e-324").number, 5e-324);
    CHECK(std::signbit(parse("-0").number));
}

TEST(json, numbers_do_not_depend_on_the_locale)
{
    const char *const before = std::setlocale(LC_NUMERIC, nullptr);
    const std::string saved = before ? before : "C";
    std::setlocale(LC_NUMERIC, "de_DE.UTF-8"); // where it is installed
    CHECK_EQUAL(parse("1.5").number, 1.5);
    std::setlocale(LC_NUMERIC, saved.c_str());
}

TEST(json, strings_are_unescaped_to_utf8)
{
    CHECK_EQUAL(parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"").text, std::string("\"\\/\b\f\n\r\t"));
    CHECK_EQUAL(parse("\"\\u0041\\u00e4\\u20AC\\ud83d\\ude00\"").text, std::string("A\u00e4\u20ac\U0001F600"));
}

TEST(json, keys_match_in_either_case_and_the_first_wins)
{
    const JsonValue value = parse("{\"Key\": 1, \"key\": 2}");
    CHECK_EQUAL(value.find("KEY")->number, 1.0);
}

TEST(json, wrong_texts_are_refused_with_their_place)
{
    const struct
    {
        const char *text, *complaint;
    } cases[] = {
        {"", "unexpected end at line 1, column 1"},
        {"{", "unexpected end"},
        {"{\"a\"", "unexpected end"},
        {"{\"a\" 1}", "expected ':'"},
        {"{a: 1}", "expected a member name at line 1, column 2"},
        {"{\"a\": 1,}", "expected a member name"},
        {"[1,]", "expected a value at line 1, column 4"},
        {"[1 2]", "expected ',' or ']' at line 1, column 4"},
        {"[\n\n 1}", "at line 3, column 3"},
        {"tru", "expected a value"},
        {"+1", "expected a value"},
        {"-", "expected a digit"},
        {"01", "leading zero"},
        {"1.", "after the decimal point"},
        {"1e", "in the exponent"},
        {"1e400", "out of range"},
        {"\"a", "a string without end"},
        {"\"\\", "a string without end"},
        {"\"\\q\"", "unknown escape"},
        {"\"\\u12g4\"", "four hexadecimal digits"},
        {"\"\\udc00\"", "half a surrogate pair"},
        {"\"\\ud800\\u0041\"", "half a surrogate pair"},
        {"\"\n\"", "a control character"},
        {"1 2", "unexpected text after the end"},
    };
    for (const auto &c : cases)
    {
        CHECK_THROWS(c.complaint, parse(c.text));
    }
}

TEST(json, limits_hold)
{
    CHECK_THROWS("too deeply nested", parse(std::string(200000, '[')));
    CHECK_THROWS("too deeply nested", parse([] {
                     std::string text;
                     for (int i = 0; i < 100000; ++i)
                     {
                         text += "{\"a\":";
                     }
                     return text;
                 }()));
    std::string wide = "[0";
    for (int i = 0; i < 70000; ++i)
    {
        wide += ",0";
    }
    CHECK_THROWS("too many values", parse(wide + "]"));
    CHECK_THROWS("more than the", parse(std::string(2000000, ' ')));
    JsonLimits limits;
    limits.depth = 1;
    CHECK_EQUAL(parse_json("[1]", 3, limits).items.size(), 1u);
    CHECK_THROWS("too deeply nested", parse_json("[[]]", 4, limits));
}

static const char small_file[] = R"({"CalibrationInformation": {"Cameras": [{"Location": "CALIBRATION_CameraLocationD0",
    "Intrinsics": {"ModelType": "CALIBRATION_LensDistortionModelBrownConrady", "ModelParameterCount": 14,
    "ModelParameters": [0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}, "Rt": {"Rotation": [1, 0, 0, 0, 1, 0, 0, 0,
    1], "Translation": [0, 0, 0]}, "SensorWidth": 1024, "SensorHeight": 1024, "MetricRadius": 1.7}]}})";

TEST(json, mutated_files_are_refused_or_read_but_never_more)
{
    std::minstd_rand random(7);
    const size_t size = std::strlen(small_file);
    int refused = 0;
    for (int i = 0; i < 20000; ++i)
    {
        std::string text(small_file, size);
        for (unsigned n = 1 + random() % 3; n > 0 && !text.empty(); --n)
        {
            const size_t at = random() % text.size();
            switch (random() % 4)
            {
            case 0:
                text[at] = static_cast<char>(random());
                break;
            case 1:
                text.erase(at, 1 + random() % 20);
                break;
            case 2:
                text.insert(at, 1 + random() % 4, "[]{}\",:0e.-\\"[random() % 12]);
                break;
            default:
                text.resize(at + 1);
            }
        }
        try
        {
            parse_factory_calibration(text.data(), text.size());
        }
        catch (const Error &error)
        {
            refused += error.what()[0] != '\0';
        }
    }
    CHECK_EQUAL(refused, 20000); // it has one camera only, so even the whole one is refused
}
