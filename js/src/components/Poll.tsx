import { lazy } from "../lazy";
import type { Message } from "../protocol";
import { memo } from "./memo";

const PollCard = lazy(() => import("./PollCard"));

/** The poll of a message. */
export const PollView = memo(({ message }: { message: Message }) =>
  message.poll ? <PollCard message={message} poll={message.poll} /> : null,
);
