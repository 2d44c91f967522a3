/** A report that does not fit its run. */
export class ReportRefused extends Error {
  override readonly name = 'ReportRefused';
  constructor(
    readonly code: 'STALE_ATTEMPT' | 'RUN_UNKNOWN' | 'RESULT_INVALID',
    message: string,
  ) {
    super(message);
  }
}
