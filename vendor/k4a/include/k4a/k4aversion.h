/*
 * k4aversion.h - version of the k4a C ABI that these headers declare.
 *
 * Own text of pyk4a_rp, written from a description of the ABI. Libraries with the same major.minor are compatible.
 */
#ifndef K4A_VERSION_H
#define K4A_VERSION_H

#define K4A_VERSION_MAJOR 1
#define K4A_VERSION_MINOR 4
#define K4A_VERSION_PATCH 2

#define K4A_VERSION_PRERELEASE ""
#define K4A_VERSION_BUILD_METADATA ""
#define K4A_VERSION_STR "1.4.2"

#endif /* K4A_VERSION_H */
