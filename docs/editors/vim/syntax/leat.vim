" Vim syntax file: recipes of leat. Made by `leat syntax vim`; do not edit.
if exists('b:current_syntax')
  finish
endif
syn case match
syn match leatOption /\%(^\|\s\)\@1<=[a-z][a-z0-9-]*\ze=/
syn match leatVariable /\$\%(\$\|[a-z][a-z0-9_]*\|{[a-z][a-z0-9_]*}\)/
syn match leatField /{[a-z][a-z0-9_]*\%(:[^}"' ]*\)\=}/
syn match leatUnit /[=,. ]\@1<=[+-]\=\d\+\%(\.\d\+\)\=\%(%\|[KMGT]i\=B\|B\|ms\|[dhms]\|MP\)\=\ze\%(\s\|[|,.]\|$\)/
syn match leatSize /\<\d\+x\d*\>\|\<x\d\+\>/
syn match leatColor /=\@1<=#\x\{3,8}\>/
syn match leatEscape /\\["\\$nt]\|\\u{\x\+}/ contained
syn region leatText start=/"/ skip=/\\./ end=/"/ oneline contains=leatVariable,leatField,leatEscape
syn region leatText start=/'/ end=/'/ oneline contains=leatField
syn match leatSeparator /|/
syn match leatComment /\%(^\|\s\)\@1<=#.*$/ contains=@Spell
syn match leatExecution /\%(^\|\s\)\@1<=\%(on\|workers\|queue\|order\|retries\|retry-wait\|timeout\|on-error\|id\)\ze=/
syn match leatStep /\%(^\||\@1<=\)\s*\zs\%(read\|decode\|parse\|encode\|resize\|crop\|rotate\|flip\|flop\|orient\|extract-page\|grayscale\|colorspace\|negate\|normalize\|flatten\|quantize\|convert\|strip\|blur\|png-optimize\|to-array\|to-image\|standardize\|compute\|transpose\|reshape\|squeeze\|take\|slice\|roll\|pad\|astype\|clip\|round\|nan-to-num\|cumsum\|diff\|gradient\|interp\|sum\|prod\|mean\|median\|std\|var\|min\|max\|ptp\|argmin\|argmax\|count-nonzero\|percentile\|quantile\|matmul\|solve\|lstsq\|inv\|norm\|det\|cholesky\|qr\|eigh\|svd\|pca\|corrcoef\|cov\|fft\|ifft\|rfft\|irfft\|gaussian-filter\|uniform-filter\|savgol-filter\|detrend\|resample\|polyfit\|curve-fit\|minimize\|select\|rename\|keep-rows\|drop-rows\|sort-values\|dropna\|fillna\|groupby\|describe\|stats\|keep\|drop\|reduce\|stack\|concatenate\|exec\|write\|report\)\ze\%(\s\||\|$\)/
syn match leatKeyword /\%(^\||\@1<=\)\s*\zs\%(version\|include\|let\|job\|schedule\|defaults\|expect\|recipe\|branch\|use\|end\)\ze\%(\s\||\|$\)/
syn match leatContextual /\%(\<branch\s\+\S\+\s\+\)\@<=for\ze\s/
syn match leatContextual /\%(\<branch\s\+\S\+\s\+for\s\+\S\+\s\+\)\@<=in\ze\s/
syn match leatContextual /\%(\<let\s\+\S\+\s*=\s*\)\@<=\%(secret\s\+\)\=env\ze\s/
syn match leatContextual /\%(=\s*\%(secret\s\+\)\=env\s\+\S\+\s\+\)\@<=or\ze\s/
hi def link leatStep Function
hi def link leatKeyword Statement
hi def link leatContextual Keyword
hi def link leatExecution Type
hi def link leatOption Identifier
hi def link leatVariable PreProc
hi def link leatField Special
hi def link leatUnit Number
hi def link leatSize Number
hi def link leatColor Constant
hi def link leatEscape SpecialChar
hi def link leatText String
hi def link leatSeparator Delimiter
hi def link leatComment Comment
let b:current_syntax = 'leat'
