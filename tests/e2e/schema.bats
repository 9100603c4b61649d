#!/usr/bin/env bats
# docs/editors/leat.schema.json against a validator that is not ours: what leat takes is valid, mistakes are not.

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	T=$(mktemp -d)
}

teardown() {
	rm -rf "$T"
}

# Every argument is a folder of JSON recipes; prints "NAME: where: what" for each that is not valid.
validate() {
	/usr/bin/python3 - docs/editors/leat.schema.json "$@" <<-'END'
		import glob, json, sys
		from jsonschema import Draft7Validator
		schema = json.load(open(sys.argv[1]))
		Draft7Validator.check_schema(schema)
		v = Draft7Validator(schema)
		for f in sorted(f for d in sys.argv[2:] for f in glob.glob(d + "/*.json")):
		    for e in v.iter_errors(json.load(open(f))):
		        print("%s: /%s: %s" % (f, "/".join(map(str, e.absolute_path)), e.message))
	END
}

@test "schema: the JSON form of every recipe that leat takes is valid" {
	mkdir "$T/good"
	for f in pipelines/*.leat tests/golden/plan/*.leat tests/golden/show/*.leat; do
		case $f in *lines/*) ;; *) LEAT_TEST_TOKEN=x "$LEAT" check "$f" >/dev/null 2>&1 || continue ;; esac
		"$LEAT" show --json "$f" >"$T/good/$(basename "$f" .leat).json"
	done
	[ "$(ls "$T/good" | wc -l)" -gt 20 ]
	run validate "$T/good"
	[ "$output" = "" ]
}

@test "schema: mistakes are found, with their place" {
	mkdir "$T/bad"
	steps() { printf '{"steps": [%s]}' "$2" >"$T/bad/$1.json"; }
	steps step '{"step": "resise"}'
	steps option '{"step": "encode", "args": ["jpeg"], "options": {"qualty": "80"}}'
	steps number '{"step": "encode", "args": ["jpeg"], "options": {"quality": 80}}'
	steps choice '{"step": "resize", "args": ["8x8"], "options": {"fit": "insde"}}'
	steps size '{"step": "resize", "args": ["800"]}'
	steps missing '{"step": "resize"}'
	steps excess '{"step": "resize", "args": ["8x8", "9x9"]}'
	steps format '{"step": "encode", "args": ["jpg"]}'
	steps execution '{"step": "decode", "on": "everywhere"}'
	steps member '{"step": "decode", "quality": "8"}'
	steps entry '{"name": "decode"}'
	steps inner '{"branch": "b", "steps": [{"step": "strip", "options": {"kep": "icc"}}]}'
	echo '{"version": 2}' >"$T/bad/version.json"
	echo '{"job": {"memroy": "1GiB"}}' >"$T/bad/job.json"
	echo '{"vars": {"Big": "1"}}' >"$T/bad/name.json"
	run validate "$T/bad"
	for f in "$T"/bad/*.json; do
		if [[ "$output" != *"$f: /"* ]]; then
			echo "$f is valid"
			false
		fi
	done
	[[ "$output" == *"inner.json: /steps/0/steps/0/options: "*"'kep'"* ]]
	[[ "$output" == *"choice.json: /steps/0/options/fit: 'insde'"* ]]
}

@test "schema: a value with a variable may be anything" {
	mkdir "$T/good"
	echo '{"vars": {"q": "80"}, "steps": [{"step": "encode", "args": ["jpeg"], "options": {"quality": "$q"}, "workers": "${q}"}]}' \
		>"$T/good/a.json"
	run validate "$T/good"
	[ "$output" = "" ]
}
