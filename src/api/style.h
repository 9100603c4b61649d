/* SPDX-License-Identifier: MIT */
/* What the formatter asks the tables of the steps. */
#ifndef LEAT_API_STYLE_H
#define LEAT_API_STYLE_H

#include "lang/fmt.h"

/* Answers from the built-in registry; good as long as the program runs. */
struct leat_style leat_recipe_style(void);

#endif
