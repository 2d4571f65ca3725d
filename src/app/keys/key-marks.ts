/** Annotations on a minted key, by which the sweep finds keys whose rotation died. */
export const ROTATION_MARK = 'key-warden-rotation';
export const SECRET_MARK = 'key-warden-secret';
