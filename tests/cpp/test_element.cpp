// EBML numbers, element headers and children at their edges.
#include "check.hpp"
#include "mkv/element.hpp"
#include "temp_file.hpp"

using namespace k4a_rp::mkv;
using ebml::Bytes;

static size_t length_of(const Bytes &bytes, bool keep_marker, uint64_t *value)
{
    return read_number(bytes.data(), bytes.size(), keep_marker, value);
}

TEST(element, number_of_every_length_is_read)
{
    for (size_t length = 1; length <= 8; ++length)
    {
        const uint64_t largest = (uint64_t(1) << (7 * length)) - 2;
        for (const uint64_t wanted : {uint64_t(0), uint64_t(1), largest})
        {
            uint64_t value = 99;
            CHECK_EQUAL(length_of(ebml::size_number(wanted, length), false, &value), length);
            CHECK_EQUAL(value, wanted);
        }
    }
}

TEST(element, number_with_all_bits_set_means_unknown)
{
    for (size_t length = 1; length <= 8; ++length)
    {
        uint64_t value = 0;
        CHECK_EQUAL(length_of(ebml::unknown_size(length), false, &value), length);
        CHECK_EQUAL(value, UINT64_MAX);
    }
}

TEST(element, number_cut_or_without_marker_is_none)
{
    uint64_t value = 7;
    CHECK_EQUAL(length_of({}, false, &value), 0);
    CHECK_EQUAL(length_of({0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, false, &value), 0);
    for (size_t length = 2; length <= 8; ++length)
    {
        Bytes cut = ebml::size_number(1, length);
        cut.pop_back();
        CHECK_EQUAL(length_of(cut, false, &value), 0);
    }
    CHECK_EQUAL(value, 7); // never touched
}

TEST(element, identifier_keeps_its_marker)
{
    for (const uint32_t wanted : {0xECu, 0x4282u, 0x2AD7B1u, 0x1F43B675u})
    {
        uint64_t value = 0;
        CHECK_EQUAL(length_of(ebml::id_bytes(wanted), true, &value), ebml::id_bytes(wanted).size());
        CHECK_EQUAL(value, wanted);
    }
}

static bool read_at(const Bytes &bytes, uint64_t offset, uint64_t limit, Element *element)
{
    const TempFile file(bytes);
    Window window(file.open());
    return read_element(window, offset, limit, element);
}

TEST(element, header_gives_place_and_size)
{
    const Bytes bytes = Bytes(5000) + ebml::element(id::tags, Bytes(300), 4);
    Element element;
    REQUIRE(read_at(bytes, 5000, bytes.size(), &element));
    CHECK_EQUAL(element.id, id::tags);
    CHECK_EQUAL(element.offset, 5000);
    CHECK_EQUAL(element.data, 5008);
    CHECK_EQUAL(element.size, 300);
    CHECK_EQUAL(element.end(), 5308);
    CHECK(!element.unknown_size);
    CHECK(element.fits(5308));
    CHECK(!element.fits(5307));
}

TEST(element, header_of_unknown_size_never_fits)
{
    const Bytes bytes = ebml::id_bytes(id::cluster) + ebml::unknown_size(8) + Bytes(20);
    Element element;
    REQUIRE(read_at(bytes, 0, bytes.size(), &element));
    CHECK(element.unknown_size);
    CHECK_EQUAL(element.size, 0);
    CHECK(!element.fits(UINT64_MAX));
}

TEST(element, header_of_largest_size_does_not_wrap)
{
    const uint64_t largest = (uint64_t(1) << 56) - 2;
    const Bytes bytes = ebml::id_bytes(id::cluster) + ebml::size_number(largest, 8);
    Element element;
    REQUIRE(read_at(bytes, 0, bytes.size(), &element));
    CHECK_EQUAL(element.size, largest);
    CHECK(!element.fits(bytes.size()));
    CHECK(element.fits(UINT64_MAX));
}

TEST(element, header_cut_anywhere_is_none)
{
    const Bytes whole = ebml::id_bytes(id::cluster) + ebml::size_number(5, 8);
    for (size_t length = 0; length < whole.size(); ++length)
    {
        Element element;
        CHECK(!read_at(
            Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)), 0, whole.size(), &element));
        CHECK(!read_at(whole, 0, length, &element)); // the limit counts as the file's end does
    }
    Element element;
    CHECK(!read_at(whole, whole.size(), whole.size(), &element));
    CHECK(!read_at(whole, 1u << 30, UINT64_MAX, &element));
}

TEST(element, header_with_a_long_identifier_is_none)
{
    Element element;
    CHECK(!read_at({0x08, 0x11, 0x22, 0x33, 0x44, 0x81, 0x00}, 0, 7, &element));
}

TEST(element, children_are_taken_in_turn)
{
    const Bytes bytes = ebml::number_element(id::track_number, 3) + ebml::text_element(id::track_name, "DEPTH") +
                        ebml::element(id::codec_private, {});
    Span rest{bytes.data(), bytes.size()};
    Span value;
    uint32_t child = 0;
    REQUIRE(next_child(&rest, &child, &value));
    CHECK_EQUAL(child, id::track_number);
    CHECK_EQUAL(value.as_unsigned(), 3);
    REQUIRE(next_child(&rest, &child, &value));
    CHECK_EQUAL(value.as_text(), std::string("DEPTH"));
    REQUIRE(next_child(&rest, &child, &value));
    CHECK_EQUAL(child, id::codec_private);
    CHECK_EQUAL(value.size, 0);
    CHECK_EQUAL(value.as_text(), std::string());
    CHECK_EQUAL(value.as_unsigned(), 0);
    CHECK(!next_child(&rest, &child, &value));
    CHECK_EQUAL(rest.size, 0);
}

TEST(element, child_that_does_not_fit_ends_the_children)
{
    for (const Bytes &size :
         {ebml::size_number(4), ebml::size_number((uint64_t(1) << 56) - 2, 8), ebml::unknown_size()})
    {
        const Bytes bytes = ebml::id_bytes(id::track_name) + size + ebml::text("abc");
        Span rest{bytes.data(), bytes.size()};
        Span value;
        uint32_t child = 0;
        CHECK(!next_child(&rest, &child, &value));
        CHECK_EQUAL(rest.size, bytes.size());
    }
}

TEST(element, text_ends_at_its_nul)
{
    const Bytes bytes = ebml::text("abc") + Bytes{0} + ebml::text("def");
    CHECK_EQUAL((Span{bytes.data(), bytes.size()}.as_text()), std::string("abc"));
}
