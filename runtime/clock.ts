/** A timer whose time does not run while it is paused, such as when a person is asked; resuming starts it again. */
export function startClock(
  milliseconds: number,
  expire: () => void,
): { readonly pause: () => void; readonly resume: () => void } {
  let timer: NodeJS.Timeout | undefined = setTimeout(expire, milliseconds);
  return {
    pause: () => {
      clearTimeout(timer);
      timer = undefined;
    },
    resume: () => {
      timer ??= setTimeout(expire, milliseconds);
    },
  };
}
