// What Next's generated next-env.d.ts says, so that types hold before the first build.
/// <reference types="next" />
/// <reference types="next/image-types/global" />
