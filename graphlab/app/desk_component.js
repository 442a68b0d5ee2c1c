// The server's end of the desk: a component that draws nothing. Its other end, in the player, is graphlab/player/js/desk.js.

/** @import { Answered } from "../player/js/types.js" */

/**
 * @param {{data: {name: string, answers?: Answered[]}, setTriggerValue: (name: string, value: unknown) => void}} component
 * @returns {() => void} cleanup
 */
export default function graphlabDesk({ data, setTriggerValue }) {
  const desks = (window.graphlabDesks ??= new Map());
  const desk = desks.get(data.name) ?? {};
  desks.set(data.name, desk);
  const send = (/** @type {object[]} */ questions) => setTriggerValue("ask", questions);
  const arrived = !desk.send;
  desk.send = send;
  desk.receive?.(data.answers ?? []);
  if (arrived) desk.arrived?.();
  return () => {
    if (desk.send === send) desk.send = undefined;
  };
}
