/*
 * k4a_api.h - the table: one provider's functions, one pointer each, under their C names.
 *
 * Every call of the package goes through such a table. No pointer is ever NULL: what a library does not have is a stub
 * that fails the way its kind of function fails (see provider_loader.hpp).
 */
#ifndef K4A_RP_ABI_K4A_API_H
#define K4A_RP_ABI_K4A_API_H

#include <k4a/k4a.h>
#include <k4arecord/playback.h>
#include <k4arecord/record.h>

#ifdef __cplusplus
#define K4A_RP_FUNCTION_POINTER(name) decltype(&::name)
#else
#define K4A_RP_FUNCTION_POINTER(name) __typeof__(&name)
#endif

typedef struct k4a_api
{
#define K4A_FUNCTION(name) K4A_RP_FUNCTION_POINTER(name) name;
#include "abi/k4a_functions.inc"
} k4a_api;

#endif /* K4A_RP_ABI_K4A_API_H */
