from django.db import migrations, models

USES = [('active', '使用中'), ('closed', '已停用')]


def closed(apps, schema_editor):
    """What was not in use any more is closed."""
    for name in ('StatutoryDate', 'OutsideContact'):
        apps.get_model('administration', name).objects.filter(is_active=False).update(status='closed')


class Migration(migrations.Migration):
    dependencies = [('administration', '0005_rolled_out_and_closed')]

    operations = [
        migrations.AddField(
            model_name='statutorydate',
            name='status',
            field=models.CharField(choices=USES, default='active', max_length=8, verbose_name='状态'),
        ),
        migrations.AddField(
            model_name='outsidecontact',
            name='status',
            field=models.CharField(choices=USES, default='active', max_length=8, verbose_name='状态'),
        ),
        migrations.RunPython(closed, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(model_name='statutorydate', name='is_active'),
        migrations.RemoveField(model_name='outsidecontact', name='is_active'),
    ]
