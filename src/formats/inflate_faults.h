/* SPDX-License-Identifier: MIT */
/* What can be wrong with a zlib stream, in words that do not depend on the library that found it. */
#ifndef LEAT_FORMATS_INFLATE_FAULTS_H
#define LEAT_FORMATS_INFLATE_FAULTS_H

#define LEAT_INFLATE_HEADER "the packed data do not begin as a zlib stream"
#define LEAT_INFLATE_BLOCK "a block of the packed data is damaged"
#define LEAT_INFLATE_CODE "a code of the packed data does not exist"
#define LEAT_INFLATE_DISTANCE "the packed data refer to what is before their beginning"
#define LEAT_INFLATE_SUM "incorrect data check: the sum of the unpacked data is another"

#endif
