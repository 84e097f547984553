import type { FileId, Id } from "../protocol";

/** The id of a message's file; `number` counts from 1. */
export const fileId = (message: Id, number: number): FileId => `${message}-${number}`;
