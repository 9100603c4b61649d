" Recipes of leat. Put this folder on the runtime path: set runtimepath+=.../docs/editors/vim
autocmd BufNewFile,BufRead *.leat setfiletype leat
