# Completion of leat for fish: the program itself says what fits (`leat complete`).

function __leat_offers
    set -l given (commandline -opc)
    set -l leat $given[1]
    set -e given[1]
    set -l last (commandline -ct | string replace -r '^["\']' '' | string collect)
    command -q $leat; or return
    set -l lines ($leat complete -- $given "$last" 2>/dev/null)
    test -n "$lines[1]"; or return
    set -l head (string split ' ' -- $lines[1])
    set -l front (string sub -l $head[1] -- "$last")
    set -l rest (string sub -s (math $head[1] + 1) -- "$last")
    for line in $lines[2..-1]
        echo -s $front $line
    end
    # The text in quotes goes on: with a second candidate fish does not close the quote.
    if test (count $lines) -eq 2; and not string match -q "*=	*" -- $lines[2]; and string match -qr '^["\']' -- (commandline -ct)
        echo -s $front (string replace \t ' '\t -- $lines[2])
    end
    switch $head[2]
        case files
            for name in (__fish_complete_path "$rest")
                echo -s $front $name
            end
        case recipes
            __fish_complete_path "$rest" | string match -r '^.*(?:/|\.leat)(?:\t.*)?$'
        case folders
            __fish_complete_path "$rest" | string match -r '^.*/(?:\t.*)?$'
    end
end

complete -c leat -f -k -a '(__leat_offers)'
