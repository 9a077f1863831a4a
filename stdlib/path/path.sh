# shellcheck shell=sh disable=SC2034
# What file, directory and link share: reading paths in batches, and owner, group and mode.

# path_probe [SIZE PATH]...: one record for each path that is there, of the paths that arrive NUL-ended on standard input:
# "s:MODE:SIZE:UID:USER:GID:GROUP:MTIME:PATH//", then "PATH -> TARGET" for a link, "//" and a newline. No normalised path holds
# two slashes in a row, so the record's end is certain whatever bytes the name has. What cannot be looked at for another reason
# than being absent gives a line "!MESSAGE". Regular files of at most 1 MiB are hashed as well; then larger ones, given as pairs,
# when they have that very size. In folders of others a file can become a FIFO or grow without end just before it is opened, so
# hashing has a limit in time; files that were hashed together then have their turn one by one, and only those that hang go without.
# The watchdog of busybox's timeout outlives its command by up to a second: it must not hold descriptor 3, the output.
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
    exec find "$@" -maxdepth 0 -type f -size -1048577c -exec sh -c "
      timeout 5 sha256sum \"\$@\"
      case \$? in 124 | 137 | 143) ;; *) exit 0 ;; esac
      echo
      for path do
        if [ -f \"\$path\" ] && ! [ -L \"\$path\" ]; then timeout 10 sha256sum \"\$path\"; fi
      done" sh {} + 2>/dev/null 3>&-
  ' sh 3>&1
  while [ $# -gt 1 ]; do
    find "$2" -maxdepth 0 -type f -size "$1c" -exec timeout "$((30 + $1 / 4000000))" sha256sum {} + 2>/dev/null || :
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

# path_enter PATH: begins a change. Goes into the folder that PATH is in, so that all that follows happens there, whatever
# others do meanwhile to the way that leads to it. Sets path_name, by which PATH is called from there, and path_parent.
path_enter() {
  path_whole=$1 path_made='' path_temp='' path_told='' path_private=''
  path_parent=${1%/*}
  path_name=./${1##*/}
  path_held=$path_name
  [ "$path_parent" ] || path_parent=/
  [ -d "$path_parent" ] || fail "the folder $path_parent of $1 is not there: declare directory[\"$path_parent\"]"
  cd -P -- "$path_parent" || fail "the folder $path_parent cannot be entered"
  [ "$PWD" = "$path_parent" ] || path_trust "$1"
  trap path_end EXIT
}

# path_end: takes away what a change leaves: the file path_temp, a new directory whose folder is at path_made from here, and the
# private folder. Then says what could not be changed, as the words of programs name only the last part of it.
path_end() {
  path_status=$?
  if [ "$path_temp" ]; then rm -f -- "$path_temp"; fi
  if [ "$path_made" ]; then cd "$path_made" && rmdir -- "$path_new"; fi
  if [ "$path_private" ]; then path_leave; fi
  if [ "$path_status" -ne 0 ] && [ -z "$path_told" ]; then printf '%s could not be changed\n' "$path_whole" >&2; fi
}

# path_alone: whether the user of this run alone may change what is in the working directory. In any other folder a name can
# mean another file from one moment to the next. The group bits show an access list, too: they are its mask. The answer for a
# folder is remembered from one step to the next, but not over steps of other kinds, which may have changed it.
path_alone() {
  [ -O . ] || return 1
  path_known=
  if [ "${GALLEY_SCRATCH-}" ] && [ -f "$GALLEY_SCRATCH/alone" ]; then
    IFS= read -r path_known <"$GALLEY_SCRATCH/alone" || :
    case $path_known in
      "$GALLEY_STEP $PWD") return 0 ;;
      "$((GALLEY_STEP - 1)) $PWD") ;;
      *) path_known= ;;
    esac
  fi
  if [ -z "$path_known" ]; then
    path_mode=$(stat -c %a .)
    path_mode_is_shared "$path_mode" && return 1
  fi
  if [ "${GALLEY_SCRATCH-}" ] && [ -d "$GALLEY_SCRATCH" ]; then
    printf '%s %s\n' "$GALLEY_STEP" "$PWD" >"$GALLEY_SCRATCH/alone"
  fi
}

# path_mode_is_shared MODE: whether group or others may write to a folder of this octal mode.
path_mode_is_shared() {
  case $1 in
    *[2367] | *[2367]?) return 0 ;;
    *) return 1 ;;
  esac
}

# path_apart: after path_enter. In a folder that others may write to, makes a private folder there and goes into it, so that
# what is made for the change lies where no other account can exchange it; path_leave takes the folder away again.
path_apart() {
  if path_alone; then return 0; fi
  temp_name_beside "${PWD%/}/${path_name#./}"
  mkdir -m 700 -- "./${temp##*/}"
  path_private=./${temp##*/}
  cd -P -- "$path_private" || path_fail "$path_whole was changed by another process at the same time"
  path_mode=$(stat -c %a .)
  if ! [ -O . ] || [ "$PWD" != "$temp" ] || [ "${path_mode#"${path_mode%???}"}" != 700 ]; then
    path_private=
    path_fail "$path_whole was changed by another process at the same time"
  fi
  path_name=../${path_name#./}
  path_held=$path_name
}

# path_leave: back from the private folder into the one that PATH is in.
path_leave() {
  if [ "$path_held" != "$path_name" ]; then rm -f -- "$path_held"; fi
  path_name=./${path_name#../}
  path_held=$path_name
  cd .. && rmdir -- "$path_private" && path_private=
}

# path_choose_temp: after path_apart. Sets path_temp to the name under which what is new is made: in the private folder, or beside
# PATH where no other account can exchange it.
path_choose_temp() {
  if [ "$path_private" ]; then
    path_temp=./${path_name##*/}
  else
    temp_name_beside "${PWD%/}/${path_name#./}"
    path_temp=./${temp##*/}
  fi
}

# path_into: goes into the directory path_new, so that what is done to "." is done to it, whatever others put in its place.
path_into() {
  path_within=${PWD%/}/${path_new#./}
  cd -P -- "$path_new" || path_fail "$path_whole cannot be entered"
  [ "$PWD" = "$path_within" ] || path_fail "$path_whole was changed by another process at the same time"
  if [ "$path_made" ]; then path_made=..; fi
}

# path_hold: the regular file at path_name is called path_held from now on. In a folder that others may write to that is a second
# name of it in the private folder, which goes on meaning this very file.
path_hold() {
  [ "$path_private" ] || return 0
  path_held=./.galley-held
  ln -- "$path_name" "$path_held" ||
    path_fail "$path_whole cannot be changed safely: others may write to its folder, and its file system has no hard links"
  path_look "$path_held"
  [ "$path_type" = file ] || path_fail "$path_whole was changed by another process at the same time"
}

# path_is_held: whether path_name still means what path_held is.
path_is_held() {
  # shellcheck disable=SC3013
  [ ! -L "$path_name" ] && [ "$path_name" -ef "$path_held" ]
}

# path_sum FILE SIZE: sets path_digest to the SHA-256 of a regular file. One that others may write to can grow while it is read,
# so reading it has a limit in time.
path_sum() {
  if [ "$path_private" ]; then
    path_digest=$(timeout "$((30 + $2 / 4000000))" sha256sum <"$1")
  else
    path_digest=$(sha256sum <"$1")
  fi
  path_digest=${path_digest%% *}
}

# path_replace TEMP: path_name is TEMP from now on, a file, also after a power cut.
path_replace() {
  path_clear "$path_name"
  replace_durably "$1" "$path_name"
  path_temp=
}

# path_unlink: path_name is gone from now on. It takes no directory away.
path_unlink() {
  rm -f -- "$path_name"
  sync_dir .
}

# path_fail MESSAGE: fails with a sentence that names the path.
path_fail() {
  path_told=1
  fail "$@"
}

# path_trust PATH: the way to PATH leads over symbolic links. One that belongs to another account could lead root anywhere.
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

# path_rename TEMP: path_name is TEMP from now on. Unlike path_replace it is for links and directories.
path_rename() {
  path_clear "$path_name"
  rename_over "$1" "$path_name" || path_fail "$path_whole could not be replaced"
  path_temp=
  sync_dir "${path_name%/*}"
}

# path_facts PATH [FOLDER]: sets path_mode, path_uid, path_user, path_gid, path_group, path_size, path_modified and path_links,
# and path_folder_mode when there is a FOLDER. Of a descriptor it is the file behind it, else a link is itself.
path_facts() {
  path_format='%a:%u:%U:%g:%G:%s:%Y:%h'
  case $1 in
    /proc/self/fd/*) path_record=$(stat -L -c "$path_format" -- "$@") ;;
    *) path_record=$(stat -c "$path_format" -- "$@") ;;
  esac
  if [ $# -gt 1 ]; then
    path_folder_mode=${path_record##*"$galley_newline"}
    path_folder_mode=${path_folder_mode%%:*}
    path_record=${path_record%"$galley_newline"*}
  fi
  path_mode=${path_record%%:*} path_record=${path_record#*:}
  path_uid=${path_record%%:*} path_record=${path_record#*:}
  path_user=${path_record%%:*} path_record=${path_record#*:}
  path_gid=${path_record%%:*} path_record=${path_record#*:}
  path_group=${path_record%%:*} path_record=${path_record#*:}
  path_size=${path_record%%:*} path_record=${path_record#*:}
  path_modified=${path_record%%:*}
  path_links=${path_record#*:}
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
