# shellcheck shell=sh disable=SC2034
# What file, directory and link share: reading paths in batches, and owner, group and mode.

# path_probe [SIZE PATH]...: one record for each path that is there, of the paths that arrive NUL-ended on standard input:
# "s:MODE:SIZE:UID:USER:GID:GROUP:MTIME:PATH//", then "PATH -> TARGET" for a link, "//" and a newline. No normalised path holds
# two slashes in a row, so the record's end is certain whatever bytes the name has. What cannot be looked at for another reason
# than being absent gives a line "!MESSAGE". Regular files of at most 1 MiB are hashed as well; then larger ones, given as pairs,
# when they have that very size.
path_probe() {
  # shellcheck disable=SC2016
  QUOTING_STYLE=literal xargs -0 sh -c '
    path_errors=$( { stat -c "s:%f:%s:%u:%U:%g:%G:%Y:%n//%N//" -- "$@" >&3; } 2>&1 ) || while IFS= read -r path_line; do
      case $path_line in
        *": No such file or directory" | *": Not a directory" | "") ;;
        *) printf "!%s\n" "$path_line" ;;
      esac
    done <<END
$path_errors
END
    exec find "$@" -maxdepth 0 -type f -size -1048577c -exec sha256sum {} + 2>/dev/null
  ' sh 3>&1
  while [ $# -gt 1 ]; do
    find "$2" -maxdepth 0 -type f -size "$1c" -exec sha256sum {} + 2>/dev/null || :
    shift 2
  done
}

# path_look PATH: sets path_type to what stands there, "absent" when there is nothing. A link is itself, not its target.
path_look() {
  if [ -L "$1" ]; then
    path_type="link"
  elif [ -f "$1" ]; then
    path_type="file"
  elif [ -d "$1" ]; then
    path_type=directory
  elif [ -p "$1" ]; then
    path_type=fifo
  elif [ -S "$1" ]; then
    path_type=socket
  elif [ -b "$1" ]; then
    path_type="block device"
  elif [ -c "$1" ]; then
    path_type="character device"
  elif [ -e "$1" ]; then
    path_type=unknown
  else
    path_type=absent
  fi
}

# path_enter PATH: begins a change. Goes into the folder that PATH lies in, so that all that follows happens there, whatever
# others do meanwhile to the way that leads to it. Sets path_name, by which PATH is called from there, and path_parent.
path_enter() {
  path_whole=$1 path_made='' path_temp='' path_told=''
  path_parent=${1%/*}
  path_name=./${1##*/}
  [ "$path_parent" ] || path_parent=/
  [ -d "$path_parent" ] || fail "the folder $path_parent is not there, which $1 lies in: declare directory[\"$path_parent\"]"
  cd -P -- "$path_parent" || fail "the folder $path_parent cannot be entered"
  [ "$PWD" = "$path_parent" ] || path_trust "$1"
  trap path_end EXIT
}

# path_end: takes away what a failed change leaves: the file path_temp, or the new directory, whose folder is at path_made from
# here. Then says what could not be changed, as the words of programs name only the last part of it.
path_end() {
  path_status=$?
  if [ "$path_temp" ]; then rm -f -- "$path_temp"; fi
  if [ "$path_made" ]; then cd "$path_made" && rmdir -- "$path_name"; fi
  if [ "$path_status" -ne 0 ] && [ -z "$path_told" ]; then printf '%s could not be changed\n' "$path_whole" >&2; fi
}

# path_fail MESSAGE: fails with a sentence that names the path.
path_fail() {
  path_told=1
  fail "$@"
}

# path_trust PATH: the way to PATH leads over symbolic links. One that belongs to somebody else could lead root anywhere.
path_trust() {
  path_way=$path_parent
  while [ "$path_way" ]; do
    if [ -L "$path_way" ]; then
      case $(stat -c %u -- "$path_way") in
        0 | "$(id -u)") ;;
        *) fail "$1 lies behind the symbolic link $path_way, which belongs to another user: declare the path that is meant" ;;
      esac
    fi
    path_way=${path_way%/*}
  done
  # shellcheck disable=SC3013
  [ . -ef "$path_parent" ] || fail "the way to $1 was changed while it was gone"
}

# path_refuse PATH WANTED: fails because something else than WANTED stands there.
path_refuse() {
  case $path_type in
    file) path_type="regular file" ;;
    link) path_type="symbolic link" ;;
    unknown) path_type="thing of unknown type" ;;
  esac
  path_fail "$1 is a $path_type, not $2. It is left as it is: move it away, or declare it as what it is."
}

# path_clear PATH: makes way for a rename onto a symbolic link. Where mv cannot rename over one that points to a directory
# (busybox), the link has to go first; only there is it missing for a moment.
path_clear() {
  if [ -L "$1" ] && [ -d "$1" ] && ! mv --version >/dev/null 2>&1; then rm -f -- "$1"; fi
}

# path_rename TEMP PATH: PATH is TEMP from now on. Unlike replace_durably it is for links, which cannot be synced themselves.
path_rename() {
  path_clear "$2"
  if mv --version >/dev/null 2>&1; then
    mv -fT -- "$1" "$2"
  else
    mv -f -- "$1" "$2"
  fi
}

# path_facts PATH: sets path_mode, path_uid, path_user, path_gid, path_group, path_size and path_modified. Of a descriptor it
# is the file behind it, else a link is itself.
path_facts() {
  path_format='%a:%u:%U:%g:%G:%s:%Y'
  case $1 in
    /proc/self/fd/*) path_record=$(stat -L -c "$path_format" -- "$1") ;;
    *) path_record=$(stat -c "$path_format" -- "$1") ;;
  esac
  path_mode=${path_record%%:*} path_record=${path_record#*:}
  path_uid=${path_record%%:*} path_record=${path_record#*:}
  path_user=${path_record%%:*} path_record=${path_record#*:}
  path_gid=${path_record%%:*} path_record=${path_record#*:}
  path_group=${path_record%%:*} path_record=${path_record#*:}
  path_size=${path_record%%:*}
  path_modified=${path_record#*:}
}

# path_own PATH OWNER GROUP MODE: gives it what differs; sets path_owned to 1 when it had to. Empty leaves alone, the group ":"
# is the owner's primary one. Mode comes last since a change of owner takes setuid away; the leading zeros take setgid
# from a directory, which GNU chmod else keeps.
path_own() {
  path_owned='' path_new_owner='' path_new_group=''
  path_facts "$1"
  case $2 in
    '' | "$path_user" | "$path_uid") ;;
    # Another name of the same number is no other owner.
    *) [ "$(id -u -- "$2" 2>/dev/null)" = "$path_uid" ] || path_new_owner=$2 ;;
  esac
  path_wanted=$3
  if [ "$path_wanted" = : ]; then
    path_wanted=$(id -g -- "$2") || fail "there is no user $2"
  fi
  case $path_wanted in
    '' | "$path_group" | "$path_gid") ;;
    *) path_new_group=:$path_wanted ;;
  esac
  if [ "$path_new_owner$path_new_group" ]; then
    case $1 in
      /proc/self/fd/*) chown -- "$path_new_owner$path_new_group" "$1" ;;
      *) chown -h -- "$path_new_owner$path_new_group" "$1" ;;
    esac
    path_owned=1
  fi
  if [ "$4" ] && [ "$path_owned$path_mode" != "$4" ]; then
    chmod -- "00000$4" "$1"
    path_owned=1
  fi
}
