/** The events of a host's life, in the order in which `apply` brings the first three about. */
export const lifeCycleEvents = ["setup", "configure", "deploy", "undeploy", "shutdown"] as const;

/** One of these events. */
export type LifeCycleEvent = (typeof lifeCycleEvents)[number];

/** What `galley apply` brings about, in this order. */
export const appliedEvents: readonly LifeCycleEvent[] = ["setup", "configure", "deploy"];

/** Whether a word is the name of an event. */
export function isLifeCycleEvent(name: string): name is LifeCycleEvent {
  return lifeCycleEvents.some((event) => event === name);
}
