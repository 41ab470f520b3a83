/*
 * k4a_export.h - how the functions of the two libraries are exported and imported.
 *
 * K4A_RP_BUILDING is defined while an implementation is built, K4A_STATIC_DEFINE when it is linked statically.
 */
#ifndef K4A_EXPORT_H
#define K4A_EXPORT_H

#if defined(K4A_STATIC_DEFINE)
#define K4A_EXPORT
#elif defined(_WIN32) && defined(K4A_RP_BUILDING)
#define K4A_EXPORT __declspec(dllexport)
#elif defined(_WIN32)
#define K4A_EXPORT __declspec(dllimport)
#elif defined(__GNUC__)
#define K4A_EXPORT __attribute__((visibility("default")))
#else
#define K4A_EXPORT
#endif

#define K4ARECORD_EXPORT K4A_EXPORT

#endif /* K4A_EXPORT_H */
