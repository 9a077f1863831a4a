# shellcheck shell=sh
# The service kind where systemd is. A unit's state is one line, LOADED ACTIVE ENABLED in systemd's words, or "absent".

# Sets service_asked to what is asked of a unit.
service_properties() {
  service_asked=Id,Names,LoadState,ActiveState,SubState,UnitFileState,NeedDaemonReload,CanReload,Type,RemainAfterExit,Result,ConditionResult,ExecMainExitTimestampMonotonic,NRestarts,SourcePath,RefuseManualStart,RefuseManualStop
}

# UNIT...: prints a block of NAME=VALUE lines for each in turn, then rc= and the start links
# of the old init, which alone know whether a generated unit is enabled.
service_probe() {
  if service_is_offline; then
    for service_unit do
      service_file=$(systemctl is-enabled -- "$service_unit" 2>/dev/null) || :
      case $service_file in
        '' | not-found) echo Id= && echo LoadState=not-found ;;
        masked*) echo Id= && echo LoadState=masked ;;
        *) echo Id= && echo LoadState=loaded ;;
      esac
      echo ActiveState=offline
      echo "UnitFileState=$service_file"
    done
  else
    service_properties
    systemctl show --no-pager --property="$service_asked" -- "$@" 2>&1
  fi
  echo
  for service_old in "${GALLEY_VOLATILE-}"/outdated/*; do
    [ ! -e "$service_old" ] || printf 'outdated=%s\n' "${service_old##*/}"
  done
  echo rc= /etc/rc[2345].d/S[0-9][0-9]*
}

# Whether no systemd runs that could be asked, but for what its files say.
service_is_offline() {
  [ "${GALLEY_OFFLINE-}" = 1 ] || [ ! -d "${GALLEY_SYSTEMD:-/run/systemd/system}" ]
}

# UNIT: the state of one unit.
service_state() {
  service_look "$1"
  if [ "$service_load" = not-found ]; then
    echo absent
  else
    echo "$service_load $service_phase ${service_file:--}"
  fi
}

# UNIT: reads the unit into service_load, service_active, service_sub, service_file and so on. service_phase is what it is
# active as, once a change under way is over.
service_look() {
  if service_is_offline; then
    service_id=$1 service_active=offline service_phase=offline service_load=loaded
    service_file=$(systemctl is-enabled -- "$1" 2>/dev/null) || :
    case $service_file in
      '' | not-found) service_load=not-found ;;
      masked*) service_load=masked ;;
    esac
  else
    service_properties
    service_shown="
$(systemctl show --no-pager --property="$service_asked" -- "$1" 2>&1)
"
    service_pick Id
    service_id=${service_picked:-$1}
    service_pick LoadState
    service_load=$service_picked
    service_pick ActiveState
    service_active=$service_picked
    service_pick SubState
    service_sub=$service_picked
    service_pick UnitFileState
    service_file=$service_picked
    service_pick NeedDaemonReload
    service_outdated=$service_picked
    service_pick CanReload
    service_reloads=$service_picked
    service_pick Type
    service_type=$service_picked
    service_pick RemainAfterExit
    service_remains=$service_picked
    service_pick Result
    service_result=$service_picked
    service_pick ConditionResult
    service_condition=$service_picked
    service_pick ExecMainExitTimestampMonotonic
    service_ended=$service_picked
    service_pick NRestarts
    service_restarts=$service_picked
    service_pick SourcePath
    service_source=$service_picked
    [ -n "$service_load" ] || fail "systemd does not answer: $service_shown"
    case $service_active:$service_sub in
      activating:auto-restart*) service_active=failed ;;
    esac
    case $service_active in
      reloading | activating | refreshing) service_phase=active ;;
      deactivating) service_phase=inactive ;;
      *) service_phase=$service_active ;;
    esac
  fi
  case $service_file:${service_source-} in
    generated:/etc/init.d/*) service_look_at_links ;;
  esac
}

# NAME: the value of one property of the unit that was shown.
service_pick() {
  service_picked=
  case $service_shown in
    *"
$1="*)
      service_picked=${service_shown#*"
$1="}
      service_picked=${service_picked%%"
"*}
      ;;
  esac
}

# A unit made from a script of the old init is enabled by its start links.
service_look_at_links() {
  service_file=generated-disabled
  for service_link in /etc/rc[2345].d/S[0-9][0-9]"${service_id%.service}"; do
    [ ! -h "$service_link" ] || service_file=generated-enabled
  done
}

# UNIT STATE ENABLED [VERIFY [ARG...]]: brings the unit into STATE (running, stopped) and ENABLED (true, false, or default:
# true where the unit can be enabled at all).
service_apply() {
  service_unit=$1 service_wanted=$2 service_enabled=$3
  shift 3
  service_refresh
  case $service_load:$service_wanted:$service_enabled in
    not-found:stopped:false) return 0 ;;
    not-found:*) service_fail_missing ;;
    masked:stopped:false | masked:stopped:default) ;;
    masked:*)
      fail "service \"$service_unit\" is masked on this machine: it can neither start nor be enabled." \
        "If that is no longer meant: systemctl unmask $service_unit"
      ;;
    loaded:*) ;;
    *)
      fail "service \"$service_unit\" cannot be loaded ($service_load): $(systemctl status --no-pager -l -n 0 -- "$service_unit" 2>&1 |
        tail -n 5)"
      ;;
  esac
  service_enable
  [ "$service_active" != offline ] || return 0
  case $service_wanted in
    running) service_start "$@" ;;
    stopped) service_stop ;;
  esac
}

service_fail_missing() {
  fail "there is no unit \"$service_unit\" on this machine; does a package or a file that brings it come first?"
}

# Looks at the unit, after systemd has read its files again where they have changed. service_stale is then set where the unit
# itself had changed: what runs of it runs as it was before.
service_refresh() {
  service_stale=''
  service_look "$service_unit"
  [ "$service_active" != offline ] || return 0
  service_old=${GALLEY_VOLATILE-}/outdated/$service_id
  case $service_active in
    active | reloading | refreshing) [ ! -e "$service_old" ] || service_stale=1 ;;
  esac
  [ "$service_outdated" != yes ] || service_stale=1
  case $service_load:$service_outdated in
    loaded:no | masked:no) ! units_are_unread || service_reload_manager ;;
    *) service_reload_manager ;;
  esac
}

service_reload_manager() {
  read_units_again || fail "service \"$service_unit\": systemctl daemon-reload failed"
  service_look "$service_unit"
}

service_enable() {
  case $service_enabled:$service_file in
    false:disabled | false:linked* | false:enabled-runtime | false:generated-disabled) service_act='' ;;
    *:disabled | *:linked* | *:enabled-runtime | *:generated-disabled) service_act=enable ;;
    false:enabled | false:generated-enabled) service_act=disable ;;
    true:enabled | true:generated-enabled) service_act='' ;;
    true:*) service_fail_to_enable ;;
    *) service_act='' ;;
  esac
  [ -n "$service_act" ] || return 0
  # Units are enabled by their own name only, not by an alias.
  service_words=$(systemctl "$service_act" -- "$service_id" 2>&1) ||
    fail "service \"$service_unit\": systemctl $service_act failed: $service_words"
  changed
  # It succeeds also where it does nothing.
  case $service_act:$service_active in
    disable:* | *:offline) return 0 ;;
  esac
  service_look "$service_unit"
  case $service_file in
    enabled | generated-enabled) ;;
    *) service_fail_to_enable ;;
  esac
}

service_fail_to_enable() {
  case $service_file in
    static | linked*)
      fail "service \"$service_unit\" cannot be enabled: its unit has no [Install] section." \
        "Leave \`enabled\` out when something else starts it, or declare enabled = false"
      ;;
    *)
      fail "service \"$service_unit\" cannot be enabled: its unit is ${service_file:-of no file} to systemd." \
        "Leave \`enabled\` out, or declare the unit that starts it"
      ;;
  esac
}

# Whether a unit that runs once and ends has done so since the machine started.
service_is_done() {
  case $service_type:$service_remains:$service_active:$service_result:${service_ended:-0} in
    *:0) return 1 ;;
    oneshot:no:inactive:success:*) return 0 ;;
  esac
  return 1
}

# [VERIFY [ARG...]]: starts the unit unless it runs.
service_start() {
  case $service_active in
    active | reloading | refreshing)
      [ "$service_stale" ] || return 0
      service_verify restarted "$@"
      systemctl reset-failed -- "$service_id" 2>/dev/null || :
      service_order restart
      changed
      service_settle restarted
      started_fresh
      return 0
      ;;
    activating) ;;
    *)
      if service_is_done; then
        [ -z "$service_stale" ] || changed
        return 0
      fi
      service_verify started "$@"
      # A unit that failed too often does not start before its failure is reset.
      [ "$service_active" != failed ] || systemctl reset-failed -- "$service_id" 2>/dev/null || :
      service_order start
      changed
      service_settle started
      started_fresh
      return 0
      ;;
  esac
  service_settle started
}

service_stop() {
  case $service_active in
    inactive | failed)
      if [ "$service_sub" != auto-restart ]; then
        [ -z "$service_stale" ] || changed
        return 0
      fi
      ;;
  esac
  service_order stop
  changed
}

# VERB: has systemd do it, and waits until it is done.
service_order() {
  service_words=$(systemctl "$1" -- "$service_id" 2>&1) ||
    fail "service \"$service_unit\": systemctl $1 failed: $service_words
$(service_log)"
  if [ "$1" != reload ] && [ -e "$service_old" ]; then rm -f -- "$service_old"; fi
}

# WHAT: waits until the unit is up for good, and fails with its own words when it is not; WHAT has been done to it.
service_settle() {
  service_tries=0
  while :; do
    service_look "$service_unit"
    case $service_active in
      active) break ;;
      activating | reloading | refreshing | deactivating) ;;
      *)
        ! service_is_done || return 0
        service_fail_down "$1"
        ;;
    esac
    service_tries=$((service_tries + 1))
    [ "$service_tries" -lt 300 ] || fail "service \"$service_unit\" is still $service_active ($service_sub) after five minutes"
    sleep 1
  done
  # systemd counts many programs as started before they have read their configuration.
  service_before=$service_restarts
  case $service_type in
    simple | exec | idle) service_pause 1 ;;
    '' | oneshot) return 0 ;;
    *) service_pause 0.3 ;;
  esac
  service_look "$service_unit"
  [ "$service_active:$service_restarts" = "active:$service_before" ] || service_fail_down "$1"
}

service_fail_down() {
  if [ "$service_condition" = no ]; then
    fail "service \"$service_unit\" does not start because a condition of its unit does not hold:" \
      "see systemctl cat $service_unit"
  fi
  fail "service \"$service_unit\" was $1 but does not stay up ($service_active, $service_result):
$(service_log)"
}

service_pause() {
  sleep "$1" 2>/dev/null || sleep 1
}

# The last words of the unit.
service_log() {
  journalctl --sync >/dev/null 2>&1 || :
  journalctl --no-pager -q -o cat -n 12 -u "$service_id" 2>/dev/null ||
    systemctl status --no-pager -l -n 12 -- "$service_id" 2>&1
}

# WHAT [VERIFY [ARG...]]: fails with the verifier's words when it is not content; then nothing is WHAT.
service_verify() {
  service_what=$1
  shift
  [ -n "${1-}" ] || return 0
  service_status=0
  service_words=$(run_command '' '' "$@" 2>&1 </dev/null) || service_status=$?
  [ "$service_status" -ne 0 ] || return 0
  refused "$service_id"
  fail "service \"$service_unit\" was not $service_what, because its verify command failed$(service_causes):
$(printf '%s\n' "$service_words" | tail -n 30)"
}

# What has changed, in brackets.
service_causes() {
  [ -n "${GALLEY_CAUSES-}" ] || return 0
  printf ' after changes of '
  printf '%s\n' "$GALLEY_CAUSES" | sed '$!s/$/,/' | tr '\n' ' ' | sed 's/ $//'
}

# UNIT EVENT [VERIFY [ARG...]]: takes a reload or a restart.
service_react() {
  ! service_is_offline || return 0
  service_unit=$1 service_event=$2
  shift 2
  service_refresh
  [ "$service_load" != not-found ] || service_fail_missing
  if [ "$service_reloads" != yes ] || [ "$service_stale" ]; then service_event=restart; fi
  case $service_active in active | activating | reloading | refreshing) ;; *) service_event=start ;; esac
  case $service_event in
    start) service_done=started ;;
    restart) service_done=restarted ;;
    reload) service_done=reloaded ;;
  esac
  service_verify "$service_done" "$@"
  # Restarts that the recipe asks for do not count against the unit's limit of them.
  [ "$service_event" = reload ] || systemctl reset-failed -- "$service_id" 2>/dev/null || :
  service_order "$service_event"
  changed
  service_settle "$service_done"
}
