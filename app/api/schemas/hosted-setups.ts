import { z } from 'zod'
import { podNames } from '#lib/setup/our-pods.ts'
import { oneOf } from './fields.ts'

const podName = z.enum(podNames)
const asked = oneOf(podNames)
const screen = z.enum(['agreement', 'company'])

/** Which of the pods; left out: all. */
export const podsInputSchema = z.object({
  pods: z
    .array(asked, 'Name the pods in a list.')
    .min(1, 'Name a pod, or leave the list out for all.')
    .max(podNames.length, 'Name each pod once.')
    .optional(),
})
export const podQuerySchema = z.object({ pod: asked.optional() })

/** What to enter where a pod is installed by hand, in the order of ConnectWise's form. */
export const podByHandSchema = z.object({
  description: z.string(),
  screen: z.string(),
  origin: z.string(),
  url: z.string(),
  display: z.enum(['Pod', 'Tab']),
  /** Pixels; `null`: left empty. */
  podHeight: z.number().int().nullable(),
})
export type PodByHand = z.infer<typeof podByHandSchema>

export const shownPodSchema = z.object({
  pod: podName,
  screen,
  state: z.enum(['installed', 'faulty', 'absent', 'not-offered', 'unreadable']),
  /** What is not as it should be. */
  faults: z.array(
    z.object({
      code: z.enum(['address', 'origin', 'screen', 'type', 'disabled', 'height', 'copies']),
      message: z.string(),
    }),
  ),
  /** Of `unreadable`: what, and why. */
  reason: z.string().nullable(),
  /** Whether anything of ours is there to remove. */
  isThere: z.boolean(),
  /** Titles of those of another organisation or another Prism Pod, which are not touched. */
  others: z.array(z.string()),
  byHand: podByHandSchema,
})
export type ShownPod = z.infer<typeof shownPodSchema>

export const hostedSetupsSchema = z.object({
  pods: z.array(shownPodSchema),
  /** What keeps ConnectWise from showing any of them. */
  warning: z.string().nullable(),
})

export const installedPodsSchema = z.object({
  pods: z.array(
    z.object({
      pod: podName,
      screen,
      state: z.enum(['created', 'updated', 'unchanged', 'missing', 'unreadable']),
      /** Of `unreadable`: what, and why. */
      reason: z.string().optional(),
    }),
  ),
})

export const removedPodsSchema = z.object({
  pods: z.array(
    z.object({
      pod: podName,
      screen,
      /** How many of ours were there. */
      removed: z.number().int(),
    }),
  ),
})
