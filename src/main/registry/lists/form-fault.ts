import type { ErrorDetail } from '../../../shared/errors.ts';

/** Ends the reading of a list whose form cannot be followed any further; it becomes the list's last row. */
export class FormFault extends Error {
  readonly details: ErrorDetail[];

  constructor(...details: ErrorDetail[]) {
    super(details.map(({ message }) => message).join('; '));
    this.name = 'FormFault';
    this.details = details;
  }
}
