/*
 * k4atypes.h - handles, enumerations, structures and callbacks of the k4a C ABI 1.4.
 *
 * Own text of pyk4a_rp: names, values and layouts are those of the ABI, so that programs and libraries built with any
 * other declaration of it are interchangeable. Times are microseconds and lengths millimetres unless a name says so.
 */
#ifndef K4ATYPES_H
#define K4ATYPES_H

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- handles: pointers to opaque objects, NULL is "no object" ---- */

#define K4A_DECLARE_HANDLE(handle_name)                                                                                \
    typedef struct _##handle_name                                                                                      \
    {                                                                                                                  \
        size_t _rsvd; /* not for callers */                                                                            \
    } *handle_name

K4A_DECLARE_HANDLE(k4a_device_t);
K4A_DECLARE_HANDLE(k4a_capture_t);
K4A_DECLARE_HANDLE(k4a_image_t);
K4A_DECLARE_HANDLE(k4a_transformation_t);

/* ---- results ---- */

typedef enum
{
    K4A_RESULT_SUCCEEDED = 0,
    K4A_RESULT_FAILED = 1
} k4a_result_t;

typedef enum
{
    K4A_BUFFER_RESULT_SUCCEEDED = 0,
    K4A_BUFFER_RESULT_FAILED = 1,
    K4A_BUFFER_RESULT_TOO_SMALL = 2 /* the size argument now holds what is needed */
} k4a_buffer_result_t;

typedef enum
{
    K4A_WAIT_RESULT_SUCCEEDED = 0,
    K4A_WAIT_RESULT_FAILED = 1, /* the stream is over */
    K4A_WAIT_RESULT_TIMEOUT = 2
} k4a_wait_result_t;

#define K4A_SUCCEEDED(_result_) (_result_ == K4A_RESULT_SUCCEEDED)
#define K4A_FAILED(_result_) (!K4A_SUCCEEDED(_result_))

/* ---- enumerations ---- */

typedef enum
{
    K4A_LOG_LEVEL_CRITICAL = 0,
    K4A_LOG_LEVEL_ERROR = 1,
    K4A_LOG_LEVEL_WARNING = 2,
    K4A_LOG_LEVEL_INFO = 3,
    K4A_LOG_LEVEL_TRACE = 4,
    K4A_LOG_LEVEL_OFF = 5
} k4a_log_level_t;

typedef enum
{
    K4A_DEPTH_MODE_OFF = 0,
    K4A_DEPTH_MODE_NFOV_2X2BINNED = 1, /* 320x288 */
    K4A_DEPTH_MODE_NFOV_UNBINNED = 2,  /* 640x576 */
    K4A_DEPTH_MODE_WFOV_2X2BINNED = 3, /* 512x512 */
    K4A_DEPTH_MODE_WFOV_UNBINNED = 4,  /* 1024x1024, at most 15 fps */
    K4A_DEPTH_MODE_PASSIVE_IR = 5      /* 1024x1024, infrared only */
} k4a_depth_mode_t;

typedef enum
{
    K4A_COLOR_RESOLUTION_OFF = 0,
    K4A_COLOR_RESOLUTION_720P = 1,  /* 1280x720, 16:9 */
    K4A_COLOR_RESOLUTION_1080P = 2, /* 1920x1080, 16:9 */
    K4A_COLOR_RESOLUTION_1440P = 3, /* 2560x1440, 16:9 */
    K4A_COLOR_RESOLUTION_1536P = 4, /* 2048x1536, 4:3 */
    K4A_COLOR_RESOLUTION_2160P = 5, /* 3840x2160, 16:9 */
    K4A_COLOR_RESOLUTION_3072P = 6  /* 4096x3072, 4:3, at most 15 fps */
} k4a_color_resolution_t;

typedef enum
{
    K4A_IMAGE_FORMAT_COLOR_MJPG = 0,   /* a JPEG file; the stride is 0 */
    K4A_IMAGE_FORMAT_COLOR_NV12 = 1,   /* a plane of Y, then half as many rows of U and V in turn */
    K4A_IMAGE_FORMAT_COLOR_YUY2 = 2,   /* Y0 U Y1 V for two pixels */
    K4A_IMAGE_FORMAT_COLOR_BGRA32 = 3, /* four bytes a pixel */
    K4A_IMAGE_FORMAT_DEPTH16 = 4,      /* uint16, millimetres, 0: no measurement */
    K4A_IMAGE_FORMAT_IR16 = 5,         /* uint16, brightness */
    K4A_IMAGE_FORMAT_CUSTOM8 = 6,
    K4A_IMAGE_FORMAT_CUSTOM16 = 7,
    K4A_IMAGE_FORMAT_CUSTOM = 8 /* anything; the size is height times stride */
} k4a_image_format_t;

typedef enum
{
    K4A_TRANSFORMATION_INTERPOLATION_TYPE_NEAREST = 0,
    K4A_TRANSFORMATION_INTERPOLATION_TYPE_LINEAR = 1
} k4a_transformation_interpolation_type_t;

typedef enum
{
    K4A_FRAMES_PER_SECOND_5 = 0,
    K4A_FRAMES_PER_SECOND_15 = 1,
    K4A_FRAMES_PER_SECOND_30 = 2
} k4a_fps_t;

typedef enum
{
    K4A_COLOR_CONTROL_EXPOSURE_TIME_ABSOLUTE = 0, /* microseconds */
    K4A_COLOR_CONTROL_AUTO_EXPOSURE_PRIORITY = 1, /* deprecated */
    K4A_COLOR_CONTROL_BRIGHTNESS = 2,
    K4A_COLOR_CONTROL_CONTRAST = 3,
    K4A_COLOR_CONTROL_SATURATION = 4,
    K4A_COLOR_CONTROL_SHARPNESS = 5,
    K4A_COLOR_CONTROL_WHITEBALANCE = 6, /* kelvin, a multiple of 10 */
    K4A_COLOR_CONTROL_BACKLIGHT_COMPENSATION = 7,
    K4A_COLOR_CONTROL_GAIN = 8,
    K4A_COLOR_CONTROL_POWERLINE_FREQUENCY = 9 /* 1: 50 Hz, 2: 60 Hz */
} k4a_color_control_command_t;

typedef enum
{
    K4A_COLOR_CONTROL_MODE_AUTO = 0,
    K4A_COLOR_CONTROL_MODE_MANUAL = 1
} k4a_color_control_mode_t;

typedef enum
{
    K4A_WIRED_SYNC_MODE_STANDALONE = 0,
    K4A_WIRED_SYNC_MODE_MASTER = 1,
    K4A_WIRED_SYNC_MODE_SUBORDINATE = 2
} k4a_wired_sync_mode_t;

/* A camera or sensor: whose coordinates are meant. */
typedef enum
{
    K4A_CALIBRATION_TYPE_UNKNOWN = -1,
    K4A_CALIBRATION_TYPE_DEPTH = 0,
    K4A_CALIBRATION_TYPE_COLOR = 1,
    K4A_CALIBRATION_TYPE_GYRO = 2,
    K4A_CALIBRATION_TYPE_ACCEL = 3,
    K4A_CALIBRATION_TYPE_NUM = 4 /* how many there are */
} k4a_calibration_type_t;

typedef enum
{
    K4A_CALIBRATION_LENS_DISTORTION_MODEL_UNKNOWN = 0,
    K4A_CALIBRATION_LENS_DISTORTION_MODEL_THETA = 1,
    K4A_CALIBRATION_LENS_DISTORTION_MODEL_POLYNOMIAL_3K = 2,
    K4A_CALIBRATION_LENS_DISTORTION_MODEL_RATIONAL_6KT = 3,
    K4A_CALIBRATION_LENS_DISTORTION_MODEL_BROWN_CONRADY = 4
} k4a_calibration_model_type_t;

typedef enum
{
    K4A_FIRMWARE_BUILD_RELEASE = 0,
    K4A_FIRMWARE_BUILD_DEBUG = 1
} k4a_firmware_build_t;

typedef enum
{
    K4A_FIRMWARE_SIGNATURE_MSFT = 0,
    K4A_FIRMWARE_SIGNATURE_TEST = 1,
    K4A_FIRMWARE_SIGNATURE_UNSIGNED = 2
} k4a_firmware_signature_t;

/* ---- callbacks: may run on any thread, several at once ---- */

/* The strings are valid during the call only. Setting a message handler from inside one deadlocks some libraries. */
typedef void(k4a_logging_message_cb_t)(void *context,
                                       k4a_log_level_t level,
                                       const char *file,
                                       const int line,
                                       const char *message);

/* Called once for a buffer, by whoever drops the last reference. */
typedef void(k4a_memory_destroy_cb_t)(void *buffer, void *context);

/* NULL says that there is no memory. What is put into *context is handed to the destroy callback of this buffer. */
typedef uint8_t *(k4a_memory_allocate_cb_t)(int size, void **context);

/* ---- structures ---- */

typedef struct _k4a_device_configuration_t
{
    k4a_image_format_t color_format;
    k4a_color_resolution_t color_resolution;
    k4a_depth_mode_t depth_mode;
    k4a_fps_t camera_fps;
    bool synchronized_images_only;       /* only captures that have both depth and color */
    int32_t depth_delay_off_color_usec;  /* at most one frame period either way */
    k4a_wired_sync_mode_t wired_sync_mode;
    uint32_t subordinate_delay_off_master_usec;
    bool disable_streaming_indicator;
} k4a_device_configuration_t;

typedef struct _k4a_calibration_extrinsics_t
{
    float rotation[9];    /* 3x3, row by row */
    float translation[3]; /* millimetres */
} k4a_calibration_extrinsics_t;

/* v is the same numbers in the order of the named members. */
typedef union
{
    struct _param
    {
        float cx; /* principal point, pixels */
        float cy;
        float fx; /* focal length, pixels */
        float fy;
        float k1; /* radial distortion */
        float k2;
        float k3;
        float k4;
        float k5;
        float k6;
        float codx; /* centre of distortion */
        float cody;
        float p2; /* tangential distortion; p2 comes first */
        float p1;
        float metric_radius; /* often not filled in; use the one of k4a_calibration_camera_t */
    } param;
    float v[15];
} k4a_calibration_intrinsic_parameters_t;

typedef struct _k4a_calibration_intrinsics_t
{
    k4a_calibration_model_type_t type;
    unsigned int parameter_count;
    k4a_calibration_intrinsic_parameters_t parameters;
} k4a_calibration_intrinsics_t;

typedef struct _k4a_calibration_camera_t
{
    k4a_calibration_extrinsics_t extrinsics;
    k4a_calibration_intrinsics_t intrinsics;
    int resolution_width;
    int resolution_height;
    float metric_radius;
} k4a_calibration_camera_t;

typedef struct _k4a_calibration_t
{
    k4a_calibration_camera_t depth_camera_calibration;
    k4a_calibration_camera_t color_camera_calibration;
    /* [source][target] */
    k4a_calibration_extrinsics_t extrinsics[K4A_CALIBRATION_TYPE_NUM][K4A_CALIBRATION_TYPE_NUM];
    k4a_depth_mode_t depth_mode;
    k4a_color_resolution_t color_resolution;
} k4a_calibration_t;

typedef struct _k4a_version_t
{
    uint32_t major;
    uint32_t minor;
    uint32_t iteration;
} k4a_version_t;

typedef struct _k4a_hardware_version_t
{
    k4a_version_t rgb;
    k4a_version_t depth;
    k4a_version_t audio;
    k4a_version_t depth_sensor;
    k4a_firmware_build_t firmware_build;
    k4a_firmware_signature_t firmware_signature;
} k4a_hardware_version_t;

typedef union
{
    struct _xy
    {
        float x;
        float y;
    } xy;
    float v[2];
} k4a_float2_t;

typedef union
{
    struct _xyz
    {
        float x;
        float y;
        float z;
    } xyz;
    float v[3];
} k4a_float3_t;

typedef struct _k4a_imu_sample_t
{
    float temperature;           /* degrees Celsius */
    k4a_float3_t acc_sample;     /* metres per second squared */
    uint64_t acc_timestamp_usec; /* device time */
    k4a_float3_t gyro_sample;    /* radians per second */
    uint64_t gyro_timestamp_usec;
} k4a_imu_sample_t;

/* ---- constants ---- */

#define K4A_DEVICE_DEFAULT (0)
#define K4A_WAIT_INFINITE (-1)

/* Everything off; the point to start a configuration from. */
static const k4a_device_configuration_t K4A_DEVICE_CONFIG_INIT_DISABLE_ALL = { K4A_IMAGE_FORMAT_COLOR_MJPG,
                                                                               K4A_COLOR_RESOLUTION_OFF,
                                                                               K4A_DEPTH_MODE_OFF,
                                                                               K4A_FRAMES_PER_SECOND_30,
                                                                               false,
                                                                               0,
                                                                               K4A_WIRED_SYNC_MODE_STANDALONE,
                                                                               0,
                                                                               false };

#ifdef __cplusplus
}
#endif

#endif /* K4ATYPES_H */
