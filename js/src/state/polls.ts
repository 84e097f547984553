import type { Id, Message } from "../protocol";

/** A poll's message after somebody has chosen. */
export function chosen(message: Message, member: Id, choices: readonly number[]): Message {
  const { poll } = message;
  if (!poll) return message;
  const votes = poll.options.map((_, choice) => {
    const others = (poll.votes[choice] ?? []).filter((id) => id !== member);
    return choices.includes(choice) ? [...others, member] : others;
  });
  return { ...message, poll: { ...poll, votes } };
}

export function closed(message: Message): Message {
  return message.poll ? { ...message, poll: { ...message.poll, closed: true } } : message;
}

/** What somebody has chosen, by the options' places. */
export const choicesOf = (message: Message, member: Id): number[] =>
  (message.poll?.votes ?? []).flatMap((members, choice) => (members.includes(member) ? [choice] : []));
