/*
 * The text that a login shell of any kind is given to run. Each part is one line without single quotes, doubled backslashes
 * and exclamation marks before a word, so that sh, bash, zsh, csh and fish take it the same way in single quotes. It holds
 * no values: nonces arrive on standard input.
 */

/** Where the target's shell looks for programs, whatever the login set up. */
const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const settings = `PATH=${searchPath}; LC_ALL=C; export PATH LC_ALL; unset ENV BASH_ENV CDPATH IFS`;

/** Reads the header, becomes root if it has to, and hands over to the loop. */
const entry = oneLine(`
  ${settings};
  IFS= read -r galley_nonce && IFS=" " read -r galley_prompt galley_count || exit 1;
  while read -r galley_word galley_line; do
    case $galley_word in Uid:) set -- "$@" $galley_line; break ;; esac;
  done </proc/self/status 2>/dev/null;
  if [ "\${4-$(id -u)}" = 0 ]; then eval "$1"; exit; fi;
  command -v sudo >/dev/null 2>&1 || { printf "\\036%s nosudo\\n" "$galley_nonce"; exit 1; };
  sudo -n /bin/sh -c "$1" galley && exit 0;
  printf "\\036%s password\\n" "$galley_nonce";
  dd bs="$galley_count" count=1 iflag=fullblock >/dev/null 2>&1;
  exec sudo -k -S -p "$galley_prompt" -- /bin/sh -c "$2" galley "$galley_prompt" "$1"
`);

/** Runs as root after sudo has taken a password: says so, then goes on as usual. */
const afterPassword = oneLine(`
  printf "\\036%s granted\\n" "$1"; eval "$2"
`);

/*
 * The resident shell: per frame a line `MODE LENGTH WORDS`. `define` is followed by LENGTH bytes that are evaluated in the
 * shell itself; `run` by a line with a script, which runs in a subshell with LENGTH bytes of input on descriptor 3; `watch` by
 * the same, which runs in the background until the next line arrives. A short input is read as a whole before it is handed
 * on, so nothing is left of it whatever the script takes; a long one is drained.
 */
const loop = oneLine(`
  ${settings};
  exec 3<&0 </dev/null; umask 022; cd /;
  IFS= read -r galley_nonce <&3 || exit 0;
  command -v dd >/dev/null 2>&1 || { printf "\\036%s missing dd\\n" "$galley_nonce"; exit 1; };
  printf "\\036%s ready\\n" "$galley_nonce";
  galley_run() {
    exec 3<&0 </dev/null;
    eval "$galley_script";
  };
  while IFS=" " read -r galley_mode galley_length galley_rest <&3; do
    printf "\\036%s begin\\n" "$galley_nonce";
    case $galley_mode in
      define)
        galley_script=$(dd bs="$galley_length" count=1 iflag=fullblock <&3 2>/dev/null);
        eval "$galley_script" ;;
      run)
        IFS= read -r galley_script <&3;
        if [ "$galley_length" = 0 ]; then
          ( galley_run ) </dev/null;
        elif [ "$galley_length" -le 1048576 ]; then
          dd bs="$galley_length" count=1 iflag=fullblock <&3 2>/dev/null | ( galley_run );
        else
          { dd bs=1048576 count="$((galley_length / 1048576))" iflag=fullblock 2>/dev/null;
            [ "$((galley_length % 1048576))" = 0 ] ||
              dd bs="$((galley_length % 1048576))" count=1 iflag=fullblock 2>/dev/null; } <&3 | {
            ( galley_run );
            galley_status=$?;
            cat >/dev/null;
            exit "$galley_status";
          };
        fi ;;
      watch)
        IFS= read -r galley_script <&3;
        ( exec 3<&-; eval "$galley_script" ) & galley_job=$! ;
        IFS= read -r galley_line <&3;
        kill "$galley_job" 2>/dev/null;
        wait "$galley_job" 2>/dev/null;
        : ;;
    esac;
    galley_status=$?;
    printf "\\036%s end\\n" "$galley_nonce" >&2;
    printf "\\036%s end %s\\n" "$galley_nonce" "$galley_status";
  done;
  exit 0
`);

/** Arguments of `/bin/sh` that start the resident shell: for carriers that run programs without a shell between. */
export const bootArguments: readonly string[] = ["-c", entry, "galley", loop, afterPassword];

/** The same as one command for a login shell of any kind. */
export const bootCommand = `exec /bin/sh -c '${entry}' galley '${loop}' '${afterPassword}'`;

/**
 * What is sent first: the header (with how many bytes of `first` follow it, so that they can be dropped when sudo asks for a
 * password), then for the loop its nonce and the first frames.
 */
export function bootInput(nonce: string, prompt: string, frames: Uint8Array): Uint8Array {
  const first = loopInput(nonce, frames);
  return Buffer.concat([Buffer.from(`${nonce}\n${prompt} ${first.length}\n`), first]);
}

/** What the loop itself reads first, sent alone after a password. */
export function loopInput(nonce: string, frames: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${nonce}\n`), frames]);
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}
