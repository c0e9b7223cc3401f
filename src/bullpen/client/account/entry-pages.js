// The pages that need no session. They are a document of their own (entry.html), which loads nothing of the chat. The
// server reads their paths from this table, too.
import { ConfirmEmailPage } from './ConfirmEmailPage.js';
import { ForgotPasswordPage } from './ForgotPasswordPage.js';
import { InvitationPage } from './InvitationPage.js';
import { ResetPasswordPage } from './ResetPasswordPage.js';
import { SetUpPage } from './SetUpPage.js';
import { SignInPage } from './SignInPage.js';

export const entryPages = [
  {
    path: '/sign-in',
    page: SignInPage,
  },
  {
    path: '/setup',
    page: SetUpPage,
  },
  {
    path: '/invite',
    page: InvitationPage,
  },
  {
    path: '/forgot-password',
    page: ForgotPasswordPage,
  },
  {
    path: '/reset',
    page: ResetPasswordPage,
  },
  {
    path: '/confirm-email',
    page: ConfirmEmailPage,
  },
];
