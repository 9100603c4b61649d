/* SPDX-License-Identifier: MIT */
/* The table of diagnostic codes. See diagcode.h. */
#include "core/diagcode.h"

#include "base/num.h"

const struct leat_diag_code leat_diag_codes[] = {
#define DIAG(severity, number, section, meaning) {LEAT_##severity, number, section, meaning},
#include "core/diagcodes.def"
#undef DIAG
};
const size_t leat_n_diag_codes = LEAT_LEN(leat_diag_codes);

const struct leat_diag_code *leat_diag_code_find(enum leat_severity severity, int code)
{
	for (size_t i = 0; i < leat_n_diag_codes; i++)
		if (leat_diag_codes[i].severity == severity && leat_diag_codes[i].code == code)
			return &leat_diag_codes[i];
	return NULL;
}

const struct leat_diag_code *leat_diag_code_named(const char *name)
{
	int64_t number;
	bool error = *name == 'E' || *name == 'e', warning = *name == 'W' || *name == 'w';
	if ((!error && !warning) || strlen(name) != 4 || name[1 + strspn(name + 1, "0123456789")] ||
	    !leat_parse_int(name + 1, 3, &number))
		return NULL;
	return leat_diag_code_find(error ? LEAT_ERROR : LEAT_WARNING, (int)number);
}
