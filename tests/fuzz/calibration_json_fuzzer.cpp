// The calibration parser on any bytes: it may refuse them with Error, nothing else.
//   calibration_json_fuzzer -dict=tests/fuzz/calibration_json.dict -max_len=16384 CORPUS
#include "calibration/calibration.hpp"
#include "core/error.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    using namespace k4a_rp;
    try
    {
        const k4a_calibration_t calibration = calibration_from_raw(reinterpret_cast<const char *>(data), size,
                                                                   K4A_DEPTH_MODE_NFOV_UNBINNED,
                                                                   K4A_COLOR_RESOLUTION_720P);
        k4a_float2_t pixel = {{320.0f, 288.0f}};
        point_2d_to_2d(calibration, pixel, 1000.0f, K4A_CALIBRATION_TYPE_DEPTH, K4A_CALIBRATION_TYPE_COLOR, pixel);
    }
    catch (const Error &)
    {
        // The file is not a calibration.
    }
    return 0;
}
