// What Azure Kinect recorders call things in a Matroska file.
#pragma once

namespace k4a_rp::names
{

constexpr char color_track[] = "COLOR";
constexpr char depth_track[] = "DEPTH";
constexpr char ir_track[] = "IR";
constexpr char old_ir_track[] = "DEPTH_IR"; // before 0.8.1
constexpr char imu_track[] = "IMU";

constexpr char depth_mode_tag[] = "K4A_DEPTH_MODE";
constexpr char depth_delay_tag[] = "K4A_DEPTH_DELAY_NS";
constexpr char wired_sync_mode_tag[] = "K4A_WIRED_SYNC_MODE";
constexpr char subordinate_delay_tag[] = "K4A_SUBORDINATE_DELAY_NS";
constexpr char start_offset_tag[] = "K4A_START_OFFSET_NS";
constexpr char calibration_tag[] = "K4A_CALIBRATION_FILE";
constexpr char calibration_file[] = "calibration.json";

constexpr char target_track[] = "TRACK";
constexpr char target_attachment[] = "ATTACHMENT";

constexpr char video_codec[] = "V_MS/VFW/FOURCC";
constexpr char imu_codec[] = "S_K4A/IMU";

// Of our own: what the other tracks have no place for.
constexpr char metadata_track[] = "PYK4A_RP_METADATA";
constexpr char metadata_codec[] = "S_PYK4A_RP/METADATA";
constexpr char start_unix_tag[] = "PYK4A_RP_START_UNIX_NS";

constexpr unsigned track_type_video = 1;
constexpr unsigned track_type_subtitle = 17;

} // namespace k4a_rp::names
