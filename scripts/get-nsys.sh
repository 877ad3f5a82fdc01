#!/usr/bin/env bash
# Fetches NVIDIA Nsight Systems' command line for Debian and Ubuntu, without root and without installing anything: the
# distribution's packages are unpacked into a folder of this project, where `benchmark` looks for them.
#
#   scripts/get-nsys.sh [DEST]
#
#   DEST    default: .tools/nsys-<version> beside this project's package.json; afterwards DEST/bin/nsys works
#
# About 170 MB come over the network, from the mirror that this machine's apt uses, and are checked by apt as any package.
# Debian's release 13 has version 2023.4, which is preferred on older Debians too; else the machine's own release decides.
# Running it again does nothing when a working nsys is already there. Other systems: it says what to install.
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
packages=(nsight-systems nsight-systems-target libssh-4 libpfm4)
preferred_debian=trixie

say() { printf '%s\n' "$*" >&2; }
fail() {
	say "get-nsys: $1"
	shift
	for line in "$@"; do say "  $line"; done
	exit 1
}

advise_other_system() {
	fail "this system has no apt packages of Nsight Systems that could be unpacked here ($1)." \
		"Install NVIDIA's own package, nsight-systems-cli: it comes with the CUDA Toolkit and in NVIDIA's CUDA" \
		"repository (dnf install nsight-systems-cli, zypper install nsight-systems-cli, apt install nsight-systems-cli)," \
		"and as a .run installer on NVIDIA's developer site. In a container: NVIDIA's CUDA development images hold it." \
		"'benchmark' finds it in PATH and in the usual folders; --nsys or \$NSYS name any other place." \
		"Without it, 'benchmark --profiler builtin' measures CPU times of programs that use our annotations."
}

# --- Does a nsys work? Success is a report that exports, not an exit code. -----------------------------------------------

works() {
	local nsys=$1 trial ok=no
	trial=$(mktemp -d "${TMPDIR:-/tmp}/nsys-trial.XXXXXX")
	mkdir "$trial/tmp"
	# A quiet run: no sampling, no context switches. The time limit is for an agent that gets lost.
	if TMPDIR=$trial/tmp timeout -k 5 60 "$nsys" profile --trace=nvtx --sample=none --cpuctxsw=none \
		--output="$trial/trial" true >"$trial/words" 2>&1 &&
		[ -s "$trial/trial.nsys-rep" ] &&
		timeout -k 5 60 "$nsys" export --type=sqlite --output="$trial/trial.sqlite" "$trial/trial.nsys-rep" \
			>>"$trial/words" 2>&1 &&
		[ -s "$trial/trial.sqlite" ]; then
		ok=yes
	else
		tr '\r' '\n' <"$trial/words" | tail -n 15 >&2
		[ -e "$trial/trial.qdstrm" ] && say "It recorded, but its importer could not make a report of it."
	fi
	rm -rf "$trial"
	[ "$ok" = yes ]
}

# --- Where packages come from: the machine's own apt sources. --------------------------------------------------------------

# One line per source and suite: URI, suite, options for a one-line entry ("-" for none). Reads both formats of apt.
list_sources() {
	local file
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -r "$file" ] && awk '
			$1 == "deb" {
				options = "-"; first = 2
				if ($2 ~ /^\[/) {
					options = ""
					for (first = 2; first <= NF; first++) {
						options = options (options == "" ? "" : ",") $first
						if ($first ~ /\]$/) { first++; break }
					}
				}
				print $first, $(first + 1), options
			}' "$file"
	done
	for file in /etc/apt/sources.list.d/*.sources; do
		[ -r "$file" ] && awk '
			function flush(  i, j, n, m, uri, suite, options) {
				if (enabled && types ~ /(^| )deb( |$)/) {
					# A key that stands in the file itself cannot be named in one line: the default keys must do.
					options = signed ~ /^\// ? "[signed-by=" signed "]" : "-"
					n = split(uris, uri, " "); m = split(suites, suite, " ")
					for (i = 1; i <= n; i++) for (j = 1; j <= m; j++) print uri[i], suite[j], options
				}
				types = uris = suites = signed = ""; enabled = 1
			}
			BEGIN { enabled = 1 }
			/^#/ { next }
			/^[ \t]*$/ { flush(); next }
			{ value = $0; sub(/^[^:]*:[ \t]*/, "", value) }
			tolower($1) == "types:" { types = value }
			tolower($1) == "uris:" { uris = value }
			tolower($1) == "suites:" { suites = value }
			tolower($1) == "signed-by:" { signed = value }
			tolower($1) == "enabled:" { enabled = tolower(value) !~ /^(no|false|0)/ }
			END { flush() }' "$file"
	done
	return 0
}

# The source of this machine's own release: "URI options".
find_mirror() {
	list_sources | awk -v suite="$1" '$2 == suite { print $1, $3; exit }'
}

# --- Fetching and unpacking. -------------------------------------------------------------------------------------------------

# apt with lists, cache and settings of its own below $work. The machine's proxies and certificates stay in force; its
# pins and its hooks, which act on folders of root, do not.
run_apt() {
	local root=$1
	shift
	apt-get -qq -c "$work/apt.conf" \
		-o Dir::Etc::SourceList="$root/sources.list" -o Dir::Etc::SourceParts=- \
		-o Dir::Etc::Preferences=- -o Dir::Etc::PreferencesParts=- \
		-o Dir::State="$root/state" -o Dir::State::Lists="$root/lists" -o Dir::State::status="$root/status" \
		-o Dir::Cache="$root/cache" -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none \
		-o APT::Architecture="$architecture" -o APT::Architectures="$architecture" "$@"
}

# fetch SUITE: the packages of that release into $work/SUITE.
fetch() {
	local suite=$1 root=$work/$1
	mkdir -p "$root"/{state,lists/partial,cache/archives/partial,debs}
	: >"$root/status"
	printf 'deb %s%s %s %s\n' "${options:+$options }" "$mirror" "$suite" "$components" >"$root/sources.list"
	run_apt "$root" update || return 1
	(cd "$root/debs" && run_apt "$root" download "${packages[@]}") || return 1
	[ "$(find "$root/debs" -name '*.deb' | wc -l)" -eq "${#packages[@]}" ]
}

# Relative link, so that the folder may be moved.
link() { ln -sfn "$(realpath -m --relative-to="$(dirname "$2")" "$1")" "$2"; }

# What the packages leave to be done after unpacking: nsys looks for its host side beside its target side, and its
# importer for two libraries beside itself.
assemble() {
	local root=$1 deb lib host target name module
	for deb in "$work/$2"/debs/*.deb; do dpkg -x "$deb" "$root"; done
	lib=$(dirname "$(find "$root/usr/lib" -name 'libpfm.so.4' | head -n 1)")
	host=$(find "$root/usr/lib/nsight-systems" -maxdepth 1 -name 'host-linux-*' | head -n 1)
	target=$(find "$lib/nsight-systems" -maxdepth 1 -name 'target-linux-*' | head -n 1)
	if [ -z "$host" ] || [ -z "$target" ]; then return 1; fi
	link "$host" "$lib/nsight-systems/$(basename "$host")"
	for name in libssh libpfm; do
		link "$(readlink -f "$lib/$name.so.4")" "$host/$name.so.4"
		[ -e "$host/$name.so" ] || link "$(readlink -f "$lib/$name.so.4")" "$host/$name.so"
	done
	# nsys stats: its own Python searches nowhere else.
	for module in nsysstats gpustats; do
		name=$(find "$root/usr/lib" -path '*dist-packages*' -name "$module.py" | head -n 1)
		if [ -n "$name" ] && [ -d "$host/python/lib" ]; then link "$name" "$host/python/lib/$module.py"; fi
	done
	# The manuals are large and not needed; the licences stay.
	find "$root/usr/share" ! -type d ! -name copyright -delete
	find "$root/usr/share" -depth -type d -empty -delete
	mkdir -p "$root/bin"
	link "$target/nsys" "$root/bin/nsys"
}

explain_broken() {
	local root=$1 missing
	missing=$(find -L "$root/usr/lib" -maxdepth 4 -name QdstrmImporter -exec ldd {} \; 2>/dev/null |
		awk '/not found/ {print $1}' | sort -u | tr '\n' ' ')
	fail "the unpacked nsys does not work on this machine." \
		"${missing:+Libraries that are missing here, to be installed with apt: $missing}" \
		"Its own words stand above."
}

# --- The steps. ---------------------------------------------------------------------------------------------------------------

version_of() { "$1" --version 2>/dev/null | grep -oE '[0-9]{4}(\.[0-9]+)+' | head -n 1; }

if [ $# -gt 1 ] || [[ ${1:-} == -* ]]; then
	fail "usage: get-nsys.sh [DEST]"
fi

for existing in ${1:+"$1/bin/nsys"} $([ $# -eq 0 ] && compgen -G "$project/.tools/*/bin/nsys"); do
	if [ -x "$existing" ] && works "$existing"; then
		say "nsys $(version_of "$existing") is already there: $existing"
		exit 0
	fi
done

[ "$(uname -s)" = Linux ] || advise_other_system "$(uname -s)"
for tool in apt-get dpkg awk realpath timeout; do
	command -v "$tool" >/dev/null || advise_other_system "no $tool"
done

# shellcheck disable=SC1091 # the system's own file
. /etc/os-release
case "${ID:-} ${ID_LIKE:-}" in
*ubuntu*) components='main universe multiverse' suites=("${UBUNTU_CODENAME:-$VERSION_CODENAME}") ;;
*debian*) components='main contrib non-free' suites=("$preferred_debian" "${VERSION_CODENAME:-$preferred_debian}") ;;
*) advise_other_system "${PRETTY_NAME:-unknown}" ;;
esac
if [ "${suites[0]}" = "${suites[1]:-}" ]; then suites=("${suites[0]}"); fi
architecture=$(dpkg --print-architecture)

read -r mirror options < <(find_mirror "${suites[-1]}") || true
[ -n "${mirror:-}" ] || fail "apt's sources name no mirror of ${suites[-1]}." \
	"Add one to /etc/apt/sources.list.d, or install nsight-systems-cli from NVIDIA's repository."
if [ "$options" = - ]; then options=; else options=${options//,/ }; fi
# A source that lists its own key names the release's; other releases' keys are in the distribution's keyring.
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
if [ -z "$options" ] && [[ $components == *contrib* ]] && [ -r "$keyring" ]; then options="[signed-by=$keyring]"; fi

tools=${1:-$project/.tools}
mkdir -p "$([ $# -eq 1 ] && dirname "$1" || printf %s "$tools")"
parent=$(cd "$([ $# -eq 1 ] && dirname "$1" || printf %s "$tools")" && pwd)
# Beside the destination, so that the last step is a rename.
work=$(mktemp -d "$parent/.get-nsys.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
cat >"$work/apt.conf" <<'APT'
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
APT

release=
for suite in "${suites[@]}"; do
	say "Fetching ${packages[*]} of $suite ..."
	if fetch "$suite" 2>"$work/words"; then
		release=$suite
		break
	fi
	tail -n 5 "$work/words" >&2
done
if [ -z "$release" ]; then
	fail "no release that was tried (${suites[*]}) gave the packages for $architecture." \
		"Is the network up, and does the mirror hold non-free packages?" \
		"Else install nsight-systems-cli from NVIDIA's repository for ${PRETTY_NAME:-this system}."
fi

mkdir "$work/root"
assemble "$work/root" "$release" || fail "the packages of $release are laid out in a way that this script does not know."
version=$(version_of "$work/root/bin/nsys") || true
works "$work/root/bin/nsys" || explain_broken "$work/root"
dest=${1:-$tools/nsys-${version%.*}}
if [ -e "$dest" ] && [ -n "$(ls -A "$dest")" ] && [ ! -e "$dest/bin/nsys" ]; then
	fail "$dest exists and holds something else."
fi
rm -rf "$dest"
mv "$work/root" "$dest"
say "nsys $version: $dest/bin/nsys"
