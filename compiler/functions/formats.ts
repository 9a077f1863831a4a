import type { BuiltinFunction } from "../builtin-function.ts";
import { isRecord } from "../evaluate/values/values.ts";
import type { RecordValue, Value } from "../kind/value.ts";
import { writeDotenv } from "./dotenv.ts";
import { writeIni } from "./ini.ts";
import { writeJson } from "./json.ts";
import { writeToml } from "./toml.ts";
import { anything, int, mapOf, optional, parameter, scalar, string } from "./types.ts";
import { writeYaml } from "./yaml.ts";

const noFields: RecordValue = new Map();

function record(value: Value | undefined): RecordValue {
  return value !== undefined && isRecord(value) ? value : noFields;
}

/** Writers of common formats of configuration files. */
export const formatFunctions: readonly BuiltinFunction[] = [
  {
    name: "dotenv",
    doc: "A record as lines `NAME=value`, quoted for a shell, systemd and dotenv readers alike. None leaves a name out.",
    parameters: [parameter("record", mapOf(optional(scalar)))],
    result: string,
    call: ([value]) => writeDotenv(record(value)),
  },
  {
    name: "ini",
    doc: "A record as an ini file: plain fields first, then each record in it as a section. A list repeats its key, none leaves it out.",
    parameters: [parameter("record", mapOf(anything))],
    result: string,
    call: ([value]) => writeIni(record(value)),
  },
  {
    name: "json",
    doc: "A value as JSON, indented by 2 spaces (or as many as given) with a newline at its end; 0 gives one line without it.",
    parameters: [parameter("value", anything), { name: "indent", type: int, optional: true }],
    result: string,
    call: ([value, indent]) => writeJson(value ?? null, typeof indent === "number" ? indent : 2),
  },
  {
    name: "toml",
    doc: "A record as TOML. None leaves a field out.",
    parameters: [parameter("record", mapOf(anything))],
    result: string,
    call: ([value]) => writeToml(record(value)),
  },
  {
    name: "yaml",
    doc: "A value as YAML, with every text quoted that YAML could take for something else.",
    parameters: [parameter("value", anything)],
    result: string,
    call: ([value]) => writeYaml(value ?? null),
  },
];
