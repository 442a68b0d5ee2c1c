// The server's end of the desk: a component that draws nothing. Its other end, in the player, is graphlab/player/js/desk.js.

export default function graphlabDesk({ data, setTriggerValue }) {
  const desks = (window.graphlabDesks ??= new Map());
  if (!desks.has(data.name)) desks.set(data.name, {});
  const desk = desks.get(data.name);
  const send = (questions) => setTriggerValue("ask", questions);
  const arrived = !desk.send;
  desk.send = send;
  desk.receive?.(data.answers ?? []);
  if (arrived) desk.arrived?.();
  return () => {
    if (desk.send === send) desk.send = undefined;
  };
}
