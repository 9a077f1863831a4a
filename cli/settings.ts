import type { Setting } from "../compiler/data/setting.ts";
import { type Invocation, listOption } from "./arguments.ts";
import { UsageProblem } from "./command.ts";

/** What `--set NAME=VALUE` says; a word without `=` and a name that is set twice are mistakes of the call. */
export function settingsOf(invocation: Invocation): readonly Setting[] {
  const settings = listOption(invocation, "set").map((text) => {
    const equals = text.indexOf("=");
    const name = text.slice(0, equals).trim();
    if (equals < 0 || !/^[A-Za-z_][\w]*(\.[A-Za-z_][\w]*)*$/.test(name))
      throw new UsageProblem(`--set ${text}: write NAME=VALUE, as in --set shop.revision=v1.3`);
    return { name, value: text.slice(equals + 1) };
  });
  const names = settings.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageProblem(`--set gives ${twice} twice`);
  return settings;
}
