// Stands in for jpeg.cpp in builds without libjpeg-turbo.
#include "image/jpeg.hpp"

#include "core/error.hpp"

namespace k4a_rp
{

bool have_jpeg()
{
    return false;
}

const char *jpeg_name()
{
    return "off";
}

const char *no_jpeg_reason()
{
    return "this build has no JPEG codec (it was built without libjpeg-turbo, see K4A_RP_JPEG)";
}

void check_jpeg(const uint8_t *, size_t, int, int)
{
    fail("a JPEG picture cannot be decoded: %s", no_jpeg_reason());
}

void decode_jpeg(const uint8_t *, size_t, int, int, PixelLayout, uint8_t *, size_t)
{
    fail("a JPEG picture cannot be decoded: %s", no_jpeg_reason());
}

DecodeAlone::DecodeAlone() {}
DecodeAlone::~DecodeAlone() {}

std::vector<uint8_t> encode_jpeg(const uint8_t *, PixelLayout, int, int, size_t, int)
{
    fail("a JPEG picture cannot be encoded: %s", no_jpeg_reason());
}

} // namespace k4a_rp
